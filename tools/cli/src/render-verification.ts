// The chain from the root to the bytes, step by step, for somebody who has to write down what they ran.

import { visible, wrap } from '@plugmark/analysis';
import { PROCESS_SENTENCE, type ReleaseVerification, type TrustState, type VerifiedLevel } from '@plugmark/schemas';
import type { painter } from './io.ts';
import { grouped } from './numbers.ts';

type Paint = ReturnType<typeof painter>;
type Verified = Extract<ReleaseVerification, { verified: true }>;
type Refused = Extract<ReleaseVerification, { verified: false }>;

const LABEL = 12;

/** What each level of the registry's mark says, in a few words. */
const LEVEL_WORDS: Readonly<Record<VerifiedLevel, string>> = {
  PLUGMARK_PUBLISHER_VERIFIED: 'publisher known',
  PLUGMARK_IMPORTS_DECLARED: 'imports declared',
  PLUGMARK_WITHIN_BOUNDS: 'within the host’s limits',
  PLUGMARK_OBSERVED_DETERMINISTIC: 'same results on two machines',
  PLUGMARK_DETERMINISTIC_BY_CONSTRUCTION: 'cannot give different results',
};

const TIER_WORDS: Readonly<Record<Verified['tier'], string>> = {
  'built-in': 'part of the host application',
  verified: 'the registry knows who publishes it; nobody has read its code',
  community: 'anybody can publish here; nobody has read its code',
  local: 'a file of this machine',
};

export interface Page {
  readonly paint: Paint;
  readonly columns: number;
}

/** One file: a line for each step. */
export function renderVerification(result: ReleaseVerification, trust: TrustState, { paint, columns }: Page): string {
  const title = `${result.plugin} ${result.version}`;
  if (!result.verified) return [paint('bad', `✗ not verified: ${title}`), ...refusal(result, columns)].join('\n');
  const { sha256, size, kind, tier, publisher, registry } = result;
  const isMarked = registry.state === 'verified';
  const steps: Step[] = [
    ['✓', 'list', `signed by ${trust.registry} (root version ${trust.rootVersion}), good until ${trust.expires}`],
    ['✓', 'bytes', `the ${grouped(size)} bytes that the list names`],
    ...publisherSteps(result),
    isMarked
      ? ['✓', 'registry', `co-signed: ${levelWords(registry.levels)}`]
      : [
          '–',
          'registry',
          `not co-signed; ${kind === 'process' ? 'a plugin that runs as a process never is' : 'the registry’s mark is for verified publishers'}`,
        ],
    [
      ' ',
      'tier',
      `${tier}: ${kind === 'process' ? 'a plugin that runs as a process is never more' : TIER_WORDS[tier]}`,
    ],
    ...(kind === 'process' ? [['!', 'runs as', `a program of its own. ${PROCESS_SENTENCE}`] as Step] : []),
    ...warnings(result),
  ];
  const body = steps.flatMap(([mark, label, text]) =>
    step(mark, { label, text }, columns).map((line) => (mark === '✓' ? line.replace('✓', paint('good', '✓')) : line)),
  );
  return [
    paint('good', `✓ verified: ${title}`),
    ...body,
    '',
    'to cite it',
    `  sha256:${sha256}`,
    `  ${publisher.workflow === undefined ? 'key' : 'identity'} ${visible(publisher.signer)}`,
  ].join('\n');
}

type Step = [mark: string, label: string, text: string];

/** Who, how, when, and where it can be looked up. */
function publisherSteps({ plugin, publisher }: Verified): Step[] {
  const owner = plugin.split('/')[0];
  const { workflow, signedAt, log = [] } = publisher;
  const when: Step[] =
    signedAt === undefined ? [] : [['✓', 'signed at', `${signedAt}, which does not rest on this registry`]];
  if (workflow === undefined) return [['✓', 'publisher', `signed with a key of ${owner}`], ...when];
  return [
    [
      '✓',
      'publisher',
      `signed by a workflow that ${owner} listed, in ${workflow.repository ?? 'a repository it does not name'}`,
    ],
    [' ', 'run', [workflow.ref, workflow.trigger && `on ${workflow.trigger}`, workflow.run].filter(Boolean).join(', ')],
    ...when,
    ...log.map(({ name, index }): Step => ['✓', 'log', `entry ${index} of ${name}`]),
  ];
}

function warnings({ standing, advisories = [] }: Verified): Step[] {
  const status: Step[] = standing === undefined ? [] : [['!', 'status', standing.reason]];
  return [...status, ...advisories.map(({ id, summary }): Step => ['!', 'advisory', `${id}: ${summary}`])];
}

function step(mark: string, { label, text }: { label: string; text: string }, columns: number): string[] {
  const indent = 4 + LABEL;
  const [first = '', ...rest] = wrap(visible(text), columns - indent);
  return [`  ${mark} ${label.padEnd(LABEL)}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
}

export function levelWords(levels: readonly VerifiedLevel[]): string {
  return levels.map((level) => LEVEL_WORDS[level]).join(', ') || 'no level';
}

function refusal({ problem, code }: Refused, columns: number): string[] {
  const [first = '', ...rest] = problem.split('\n');
  return [`${first} [${code}]`, ...rest.map((line) => line.trim())].flatMap((line) =>
    wrap(visible(line), columns - 4).map((part) => `    ${part}`),
  );
}

/** A whole registry: a line for each release, and what went wrong below those that were refused. */
export function renderVerifications(results: readonly ReleaseVerification[], trust: TrustState, page: Page): string {
  const names = results.map(({ plugin, version }) => `${plugin} ${version}`);
  const width = Math.max(0, ...names.map((name) => name.length));
  const rows = results.flatMap((result, i) => row(result, (names[i] ?? '').padEnd(width), page));
  const refused = results.filter(({ verified }) => !verified).length;
  const count = `${results.length} ${results.length === 1 ? 'release' : 'releases'}`;
  const total =
    refused === 0 ? page.paint('good', `${count} verified`) : page.paint('bad', `${refused} of ${count} not verified`);
  return [
    ...rows,
    '',
    `${total}: ${trust.registry}, root version ${trust.rootVersion}, good until ${trust.expires}`,
  ].join('\n');
}

function row(result: ReleaseVerification, name: string, { paint, columns }: Page): string[] {
  if (!result.verified) return [`${paint('bad', '✗')} ${name}`, ...refusal(result, columns)];
  const marked = result.registry.state === 'verified' ? 'co-signed' : 'not co-signed';
  const line = `${paint('good', '✓')} ${name}  ${result.tier.padEnd('community'.length)}  ${marked}`;
  return [
    line,
    ...warnings(result).flatMap(([mark, , text]) =>
      wrap(visible(`${mark} ${text}`), columns - 4).map((part) => `    ${part}`),
    ),
  ];
}
