// A drafted profile: written where nothing is yet, and said with what is left to decide. Names are anybody's words.

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type HostDraft, OPEN_QUESTIONS, type OpenQuestion, visible, wrap } from '@plugmark/analysis';
import { type HostDraftResult, HostId, type HostProfile, isValid } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';

/** Names shown of one question; the JSON has all. */
const SHOWN = 12;
const LONGEST_NAME = 300;

/** Throws USAGE for a name that no host can have. */
export function requireHostId(name: string): string {
  if (isValid(HostId, name)) return name;
  throw new CliError('USAGE', `${name} is no name for a host`, {
    hint: 'use lower-case letters, digits and single hyphens, at most 39',
  });
}

/** Throws FILE_EXISTS: a profile that somebody finished is never replaced by a draft. */
export async function writeDraft(io: Io, draft: HostDraft, out: string): Promise<HostDraftResult> {
  const text = `${JSON.stringify(draft.profile, null, 2)}\n`;
  try {
    await writeFile(resolve(io.cwd, out), text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new CliError('FILE_EXISTS', `${out} is there already`, { cause });
  }
  return resultOf(draft, out);
}

function resultOf({ profile, open }: HostDraft, out: string): HostDraftResult {
  const meanings = [...profile.imports, ...profile.componentImports].map(({ meaning }) => meaning.as);
  const count = (as: HostProfile['imports'][number]['meaning']['as']): number =>
    meanings.filter((meaning) => meaning === as).length;
  const required = profile.exports.filter((exported) => exported.required).length;
  return {
    host: profile.host,
    out,
    artifact: profile.artifact,
    abi: profile.abi,
    exports: { required, optional: profile.exports.length - required },
    imports: { runtime: count('runtime'), capability: count('capability'), forbidden: count('forbidden') },
    capabilities: profile.capabilities.map(({ id }) => id),
    open: open.map(({ what, name, in: by }) => ({ what, name: shown(name), in: by.map(shown) })),
  };
}

function shown(name: string): string {
  const text = visible(name);
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME)}...`;
}

export function renderDraft(result: HostDraftResult, columns = 80): string {
  const { out, artifact, abi, exports, imports, capabilities, open } = result;
  const { runtime, capability, forbidden } = imports;
  const facts = [
    `wrote ${out}, a draft to be finished by hand`,
    `  plugins       ${artifact}, calling convention ${abi}`,
    `  exports       ${exports.required} required, ${exports.optional} optional`,
    `  imports       ${runtime} runtime, ${capability} capability, ${forbidden} forbidden`,
    `  capabilities  ${capabilities.join(', ') || 'none'}`,
    '',
    'To decide:',
  ];
  const asked = Object.keys(OPEN_QUESTIONS) as OpenQuestion['what'][];
  return [...facts, ...asked.flatMap((what) => section(what, open, columns))].join('\n');
}

function section(what: OpenQuestion['what'], open: HostDraftResult['open'], columns: number): string[] {
  const found = open.filter((question) => question.what === what);
  if (found.length === 0) return [];
  const heading = wrap(OPEN_QUESTIONS[what], columns - 2).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`);
  // A question about the whole draft has no name to show.
  const names = found.filter(({ name }) => !WHOLE.includes(name)).map(({ name, in: by }) => named(name, by));
  const rest = names.length > SHOWN ? [`and ${names.length - SHOWN} more; --json lists them`] : [];
  return [
    ...heading,
    ...[...names.slice(0, SHOWN), ...rest].flatMap((line) => wrap(line, columns - 4).map((part) => `    ${part}`)),
  ];
}

const WHOLE: readonly string[] = ['runtime', 'limits', 'texts'];

function named(name: string, by: readonly string[]): string {
  if (by.length === 0) return name;
  const more = by.length > 2 ? ` and ${by.length - 2} more` : '';
  return `${name} (${by.slice(0, 2).join(', ')}${more})`;
}
