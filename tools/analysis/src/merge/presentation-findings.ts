import type { MergeFinding, PullSubject, Sources } from '@plugmark/schemas';
import { found } from './found.ts';
import { listingFindings } from './listing-findings.ts';
import { facts } from './merge-rule.ts';
import type { ListedState } from './pull-request.ts';
import { sourceFindings } from './source-findings.ts';
import type { SubmittedFile } from './submitted-files.ts';

/** How a plugin is shown, and where its bytes can be had: nothing is decided on the first, and the second may only grow. */
export function presentationFindings(
  files: readonly SubmittedFile[],
  { plugin = '' }: PullSubject,
  main: ListedState,
): MergeFinding[] {
  const listed = main.plugins.get(plugin);
  if (listed === undefined) return [found('plugin.unknown', { plugin })];
  const sources = files
    .filter(({ name }) => name === 'sources')
    .flatMap(({ value, version = '' }) => {
      const { sources } = value as Sources;
      const before = listed.releases.get(version)?.sources.sources ?? [];
      const lost = before.filter((source) => !sources.includes(source));
      return [
        ...(lost.length === 0 ? [] : [found('sources.removed', { version, sources: facts(lost) })]),
        ...sourceFindings(sources.filter((source) => !before.includes(source))),
      ];
    });
  return [...sources, ...listingFindings(files, plugin, main)];
}
