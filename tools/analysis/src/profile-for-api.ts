// A host profile may describe several versions of a plugin API that the host runs side by side. A module is judged by one of
// them: the newest whose required exports it has, among those its release names.
import type { HostProfile } from '@plugmark/schemas';
import type { WasmFacts } from '@plugmark/wasm';

type Satisfies = (version: string, range: string) => boolean;

/** The profile as it is for one version of the API: imports and exports of other versions are left out. */
export function profileForApi(
  profile: HostProfile,
  facts: WasmFacts,
  { ranges, satisfies }: { readonly ranges: readonly string[]; readonly satisfies: Satisfies },
): HostProfile {
  if (![...profile.exports, ...profile.imports].some(({ api }) => api !== undefined)) return profile;
  const newestFirst = profile.apiVersions.toReversed();
  const named = newestFirst.filter((version) => ranges.some((range) => satisfies(version, range)));
  // A release that names no version that exists is refused for that; what else is wrong is said for all versions.
  const candidates = (named.length > 0 ? named : newestFirst).map((version) => only(profile, version, satisfies));
  const fitting = candidates.find(({ exports }) => exports.every((wanted) => !wanted.required || has(facts, wanted)));
  return fitting ?? candidates[0] ?? profile;
}

function only(profile: HostProfile, version: string, satisfies: Satisfies): HostProfile {
  // A profile has hundreds of imports and names a handful of ranges.
  const answers = new Map<string | undefined, boolean>([[undefined, true]]);
  const applies = ({ api }: { readonly api?: string | undefined }): boolean => {
    const answer = answers.get(api) ?? satisfies(version, api as string);
    answers.set(api, answer);
    return answer;
  };
  return { ...profile, exports: profile.exports.filter(applies), imports: profile.imports.filter(applies) };
}

function has({ exports }: WasmFacts, { name, kind }: HostProfile['exports'][number]): boolean {
  return exports.some((found) => found.name === name && found.kind === kind);
}
