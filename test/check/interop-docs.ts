// site/src/content/docs/interoperability.md, whole, from what the interop run recorded (test/hosts/results.json) and from the limits that
// each host lists. Nobody writes a figure of this page by hand.
import { readLimits } from '../interop/native-hosts/host-limits.ts';
import { type HostResult, type InteropResults, readResults } from '../interop/native-hosts/interop-results.ts';

type Row = readonly (string | number)[];

const table = (head: readonly string[], rows: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const cell = (value: string | number): string => String(value).replace(/\|/g, '\\|');

const NAMES: Readonly<Record<string, string>> = { python: 'Python', rust: 'Rust' };
const nameOf = (host: string): string => NAMES[host] ?? host;

const INTRODUCTION = `# Interoperability

What programs that are not ours made of this registry: hosts in Python and Rust on every vector and plugin, other people's tools on what is published.

This page is made from a run. \`npm run test:interop\` repeats it where Python, Rust or Go are installed and their package registries
answer, and fails when it sees something else; \`BLESS=1\` records what it saw in \`test/hosts/results.json\`. What a machine lacks is
skipped with its reason, and never counted.
`;

export function renderInteropDocs(results: InteropResults = readResults()): string {
  const hosts = Object.entries(results.hosts);
  return [INTRODUCTION, ...vectors(hosts), ...limits(hosts), ...plugins(hosts), ...strangers(results)].join('\n');
}

type Hosts = readonly (readonly [string, HostResult])[];

function vectors(hosts: Hosts): readonly string[] {
  const groups = [...new Set(hosts.flatMap(([, { groups }]) => Object.keys(groups)))];
  const said = (host: HostResult, group: string): string => {
    const { pass = 0, otherCode = 0, refusesHonest = 0, unsupported = 0 } = host.groups[group] ?? {};
    const others = [
      ...(otherCode > 0 ? [`${otherCode} refused with another code`] : []),
      ...(refusesHonest > 0 ? [`${refusesHonest} refused though honest`] : []),
      ...(unsupported > 0 ? [`${unsupported} unsupported`] : []),
    ];
    return [`${pass} of ${pass + otherCode + refusesHonest + unsupported} pass`, ...others].join(', ');
  };
  const total = (host: HostResult): HostResult => {
    const sums = { pass: 0, otherCode: 0, refusesHonest: 0, unsupported: 0 };
    for (const counts of Object.values(host.groups))
      for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += counts[key];
    return { ...host, groups: { all: sums } };
  };
  return [
    '## The vectors of the client specification',
    '',
    'No host accepts anything that must be refused. A library that does not tell two refusals from each other, or refuses what is allowed, is',
    'listed below with the vectors it concerns.',
    '',
    table(
      ['chapter', ...hosts.map(([name]) => nameOf(name))],
      [
        ...groups.map((group) => [group, ...hosts.map(([, host]) => said(host, group))]),
        ['**all**', ...hosts.map(([, host]) => said(total(host), 'all'))],
      ],
    ),
    '',
    table(
      ['host', 'made with'],
      hosts.map(([name, { libraries }]) => [
        nameOf(name),
        Object.entries(libraries)
          .map(([library, version]) => `${library} ${version}`)
          .join(', '),
      ]),
    ),
    '',
  ];
}

const OUTCOMES = {
  otherCode: 'refused with another code',
  refusesHonest: 'refused though honest',
  unsupported: 'unsupported, and not installed',
} as const;

function limits(hosts: Hosts): readonly string[] {
  const rows = hosts.flatMap(([host]) => {
    const { vectors: of, fuel } = readLimits(host);
    return [
      ...of.map(({ outcome, limit, names }) => [nameOf(host), OUTCOMES[outcome], limit, names.map(code).join(' ')]),
      ...fuel.map(({ plugin, vector, limit }) => [
        nameOf(host),
        'other fuel',
        limit,
        `${code(plugin)} ${code(vector)}`,
      ]),
    ];
  });
  return ['## What libraries cannot do', '', table(['host', 'what', 'limit', 'where'], rows), ''];
}

const code = (name: string): string => `\`${name}\``;

function plugins(hosts: Hosts): readonly string[] {
  return hosts.flatMap(([name, { plugins: rows }]) => [
    `## Plugins of the example registry in ${nameOf(name)}`,
    '',
    'Each is resolved, verified from the root on, loaded by its digest and run on the vectors that its publisher signed, under the limits of',
    'the signed host profile. Fuel and outputs are compared with the reports that the registry publishes.',
    '',
    table(
      ['plugin', 'host', 'marks', 'calls', 'same output', 'same fuel, to the unit'],
      rows.map(({ plugin, version, host, publisher, registry, tier, calls, sameOutput, sameFuel, notRun }) => [
        `${plugin} ${version}`,
        host,
        `${tier}; publisher ${publisher}; registry ${registry}`,
        ...(notRun === undefined ? [calls, sameOutput, sameFuel] : [`not run: ${notRun}`, '', '']),
      ]),
    ),
    '',
  ]);
}

function strangers({ tools }: InteropResults): readonly string[] {
  return [
    '## Tools of others',
    '',
    table(
      ['tool', 'version', 'reads', 'accepted', 'and refuses'],
      Object.values(tools).map(({ tool, version, reads, accepted, refused }) => [
        tool,
        version,
        reads,
        accepted,
        `${refused.what}: ${refused.count}`,
      ]),
    ),
    '',
  ];
}
