// The draw that sends one in so many automatic merges to a person. Anybody can make it again: the seed is in the policy, the head is
// the commit, and the time is that of the registry's own check run on it. The time is in it because a publisher can try commits
// until one is not drawn, but cannot choose the second in which the registry first sees it.

import { sha256 } from '../digest.ts';
import type { PullRequest } from './pull-request.ts';

const DIGITS = 12;

/** A number from 0 up to 1. */
export async function auditDraw(seed: string, { head }: Pick<PullRequest, 'head'>): Promise<number> {
  const digest = await sha256(new TextEncoder().encode(`${seed}\n${head.sha}\n${head.seenAt}`));
  return Number.parseInt(digest.slice(0, DIGITS), 16) / 16 ** DIGITS;
}
