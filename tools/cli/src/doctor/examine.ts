// What doctor was asked to look at, in the order of the table. A check that breaks is one that saw nothing.

import { PublishError } from '@plugmark/publish';
import { type DoctorCheck, type Policy, type Registry, SchemaError } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { GitHubApi } from '../github/github-api.ts';
import { SETTINGS, type SettingId } from '../office/settings.ts';
import type { DataInput } from './data-input.ts';
import { DATA_CHECKS, type DataCheckId, DOCTOR_CHECKS } from './doctor-checks.ts';
import { DATA_JUDGES } from './judge-data.ts';
import { SETTING_JUDGES } from './judge-settings.ts';
import { fail, inconclusive, type Verdict } from './look.ts';
import { readSettings } from './read-settings.ts';

export async function examineData(input: DataInput): Promise<DoctorCheck[]> {
  const checks: DoctorCheck[] = [];
  for (const id of Object.keys(DATA_CHECKS) as DataCheckId[])
    checks.push(row(id, await DATA_JUDGES[id](input).catch(refused)));
  return checks;
}

/** What the registry's own code refuses is wrong; anything else is a fault of ours. */
function refused(error: unknown): Verdict {
  if (error instanceof PublishError || error instanceof SchemaError) return fail(error.message);
  if (error instanceof CliError) return inconclusive(error.message);
  throw error;
}

export interface SettingsOf {
  readonly registry: Registry;
  readonly policy: Policy;
}

/** Without a token GitHub shows a part of them, which must not look like all. */
export async function examineSettings(api: GitHubApi, { registry, policy }: SettingsOf): Promise<DoctorCheck[]> {
  const ids = Object.keys(SETTINGS) as SettingId[];
  if (!api.hasToken)
    return ids.map((id) => row(id, inconclusive('not looked at: set GITHUB_TOKEN to a token of an administrator')));
  const seen = await readSettings(api);
  return ids.map((id) => row(id, SETTING_JUDGES[id]({ seen, registry, policy })));
}

function row(id: string, { outcome, found }: Verdict): DoctorCheck {
  const fix = outcome === 'fail' ? DOCTOR_CHECKS[id]?.fix : undefined;
  return { id, outcome, found: oneLine(found), ...(fix === undefined ? {} : { fix }) };
}

const oneLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').slice(0, 2000) || '?';
