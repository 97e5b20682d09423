// From the pull request of a known publisher to a plugin that can be installed, on the GitHub stand-in, by the rule that is waited for:
// what policy asks for is the clock moved on, everything else is measured. Not in it: GitHub's own queues and the start of its machines.
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Journey, openJourney } from '../github/journey.ts';
import { type Desk, firstRelease, makeRelease } from '../github/publisher-desk.ts';
import { median, type Row, row, talk } from './harness.ts';

const ROUNDS = 5;
/** Seconds of everything that is not policy's wait. */
const GOAL = 300;

interface Waited {
  readonly minutes: number;
  readonly seconds: number;
}

interface Kind {
  readonly rule: string;
  /** The release of one round. */
  readonly release: (desk: Desk, round: number) => Promise<{ desk: Desk; version: string }>;
}

const KINDS: readonly Kind[] = [
  { rule: 'wait.update', release: async (desk, round) => ({ desk, version: `0.2.${round}` }) },
  {
    rule: 'wait.new-plugin',
    release: async (desk, round) => ({
      desk: await sibling(desk, `plug-${'abcdef'[round]}${'uvwxyz'[round]}`),
      version: '0.1.0',
    }),
  },
];

export async function bench(): Promise<Row[]> {
  const journey = await openJourney();
  try {
    const desk = await firstRelease(journey, 'acme/note-shift');
    const rows: Row[] = [];
    for (const { rule, release } of KINDS) {
      const rounds: Waited[] = [];
      // The first one warms up.
      for (let round = 0; round <= ROUNDS; round++) {
        const next = await release(desk, round);
        rounds.push(await fromPullToInstalled(journey, next.desk, { version: next.version, rule }));
        talk(`${rule} round ${round}: ${rounds.at(-1)?.minutes} min policy + ${rounds.at(-1)?.seconds.toFixed(1)} s`);
      }
      const measured = rounds.slice(1);
      rows.push(row({ name: `${rule}-policy`, unit: 'min', value: median(measured.map(({ minutes }) => minutes)) }));
      rows.push(
        row({
          name: `${rule}-beyond-policy`,
          unit: 's',
          value: median(measured.map(({ seconds }) => seconds)),
          goal: { of: 'value', atMost: GOAL },
        }),
      );
    }
    const { intervalMinutes } = await interval();
    // A pull request that just missed the reviewer is seen by its next start; its wait counts from there.
    rows.push(row({ name: 'reviewer-interval-worst', unit: 'min', value: intervalMinutes }));
    return rows;
  } finally {
    await journey.end();
  }
}

async function fromPullToInstalled(
  journey: Journey,
  desk: Desk,
  { version, rule }: { version: string; rule: string },
): Promise<Waited> {
  const folder = await makeRelease(desk, { version });
  const from = performance.now();
  await journey.submit(folder, journey.people.alice);
  const { findings, until } = await journey.decision();
  if (until === undefined || findings.some(({ effect, ruleId }) => effect !== 'wait' || ruleId !== rule))
    throw new Error(JSON.stringify(findings));
  const minutes = (Date.parse(until) - journey.clock.now.getTime()) / 60_000;
  journey.later(minutes);
  const { answer } = await journey.decision();
  if (answer !== 'merge') throw new Error(answer);
  await journey.publish();
  const host = await journey.host({ store: `store-${desk.plugin.replace('/', '-')}-${version}` });
  const [installed] = await host.install(desk.plugin);
  if (installed?.version !== version) throw new Error(`installed ${installed?.version}`);
  return { minutes, seconds: (performance.now() - from) / 1000 };
}

/** Another plugin of the same publisher, from the same source. */
async function sibling(desk: Desk, name: string): Promise<Desk> {
  const [publisher = '', old = ''] = desk.plugin.split('/');
  const folder = join(desk.place, name);
  await cp(desk.folder, folder, { recursive: true });
  await rename(join(folder, `${old}.wasm`), join(folder, `${name}.wasm`));
  for (const file of ['plugin.yaml', 'listing.json']) {
    const text = await readFile(join(folder, file), 'utf8');
    const renamed = text.replaceAll(old, name).replace(/("?title"?: ")[^"]*/, `$1${name}`);
    await writeFile(join(folder, file), renamed);
  }
  return { ...desk, plugin: `${publisher}/${name}`, folder };
}

async function interval(): Promise<{ intervalMinutes: number }> {
  const policy = await readFile(new URL('../../registry/policy.json', import.meta.url), 'utf8');
  return (JSON.parse(policy) as { merge: { intervalMinutes: number } }).merge;
}
