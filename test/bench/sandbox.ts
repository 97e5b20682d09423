// The sandbox: what one vector costs with everything around it, and what each example plugin needs, beside what hosts tell their users.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConfigurationId, runVectors } from '@plugmark/sandbox';
import { HostProfile, parseJson, Vector, type VectorRun } from '@plugmark/schemas';
import { buildPlugins, PLUGIN_RECIPES } from '../testkit/build-plugins.ts';
import { folderToCheck } from './check-folder.ts';
import { median, medianMs, type Row, row } from './harness.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface HostPromise {
  readonly name: string;
  readonly start?: number;
  readonly first?: number;
  readonly next?: number;
  readonly megabytes?: number;
}

/** What hosts' own notes say to their users, in milliseconds and megabytes. */
const PROMISES: Readonly<Record<string, HostPromise>> = {
  conductor: {
    name: 'Conductor: load 10 ms, first call 5, next 1, 2 to 5 MB',
    start: 10,
    first: 5,
    next: 1,
    megabytes: 5,
  },
  parseltongue: { name: 'Parseltongue: start below 100 ms', start: 100 },
};

interface Subject {
  readonly name: string;
  readonly artifact: Uint8Array;
  readonly profile: HostProfile;
  readonly vectors: readonly Vector[];
}

export async function bench(): Promise<Row[]> {
  const bare = await medianMs(() => execFileSync(process.execPath, ['-e', '0']), { runs: 9, warmup: 2 });
  const subjects = await readSubjects();
  // 60 ms above a bare start, and 350 in all, where a bare start takes 25: as ratios they say the same on a busy machine.
  const find = (name: string): Subject => subjects.find((subject) => subject.name === name) as Subject;
  return [
    await vectorRow('vector-core', find('velocity-curve'), { bare, atMost: 3.4 }),
    await vectorRow('vector-component', find('degree-centrality'), { bare, atMost: 14 }),
    await checkRow(),
    ...(await profiles(subjects)),
  ];
}

/** The whole command on an author's folder: analysis, and five vectors in three configurations. */
async function checkRow(): Promise<Row> {
  const folder = folderToCheck();
  try {
    const command = [join(ROOT, 'tools/cli/bin/plugmark.js'), 'check', folder, '--json'];
    const check = (): void => {
      const report = JSON.parse(execFileSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' }));
      if (report.vectors.length !== 5 || report.determinism.word !== 'observed') throw new TypeError('it was not run');
    };
    const value = await medianMs(check, { runs: 5, warmup: 1 });
    return row({ name: 'check-1mb', unit: 'ms', value, goal: { of: 'value', atMost: 1500 } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All in: layers, child, metering, one vector, the answer parsed; beside what Node alone takes to start. */
async function vectorRow(
  name: string,
  subject: Subject,
  { bare, atMost }: { bare: number; atMost: number },
): Promise<Row> {
  const vectors = subject.vectors.slice(0, 1);
  const whole = await medianMs(() => run({ ...subject, vectors }, 'liftoff'), { runs: 9, warmup: 2 });
  return row({
    name,
    unit: 'ms',
    value: whole,
    peer: { name: 'bare Node start', value: bare },
    goal: { of: 'ratio', atMost },
  });
}

const run = ({ artifact, profile, vectors }: Subject, configuration: ConfigurationId): Promise<VectorRun[]> =>
  runVectors({ artifact, profile, vectors }, { configurations: [configuration] }).then(({ runs }) => runs);

/** Each figure of the first vector, which pays for compiling, in five fresh children. */
async function profiles(subjects: readonly Subject[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const subject of subjects) {
    const vector = subject.vectors[0] as Vector;
    // The calls again, so that there are later ones.
    const vectors = [{ ...vector, calls: [...vector.calls, ...vector.calls, ...vector.calls].slice(0, 100) }];
    const runs: VectorRun[] = [];
    for (let i = 0; i < 5; i++) runs.push((await run({ ...subject, vectors }, 'default'))[0] as VectorRun);
    const promise = PROMISES[subject.profile.host];
    const figure = (what: string, unit: string, of: (run: VectorRun) => number, promised: number | undefined): void => {
      const peer =
        promise === undefined || promised === undefined
          ? {}
          : { peer: { name: promise.name, value: promised }, goal: { of: 'ratio', atMost: 1 } as const };
      rows.push(row({ name: `${subject.name}-${what}`, unit, value: median(runs.map(of)), ...peer }));
    };
    figure('start', 'ms', ({ startMilliseconds }) => startMilliseconds, promise?.start);
    figure('first-call', 'ms', ({ callMilliseconds }) => callMilliseconds[0] ?? 0, promise?.first);
    figure(
      'next-calls',
      'ms',
      ({ callMilliseconds }) => median(callMilliseconds.slice(vector.calls.length)),
      promise?.next,
    );
    figure('memory', 'MB', ({ residentBytes = 0 }) => residentBytes / 1e6, promise?.megabytes);
  }
  return rows;
}

async function readSubjects(): Promise<Subject[]> {
  const built = await buildPlugins(join(tmpdir(), 'plugmark-bench-plugins'));
  return PLUGIN_RECIPES.map(({ folder }, i): Subject => {
    const vectorFolder = join(ROOT, 'test/plugins', folder, 'vectors');
    const vectors = readdirSync(vectorFolder)
      .sort()
      .map((file) => parseJson(Vector, readFileSync(join(vectorFolder, file)), file));
    const host = vectors[0]?.host ?? '';
    const profile = parseJson(HostProfile, readFileSync(join(ROOT, 'registry/hosts', `${host}.json`)), host);
    return { name: folder.replace('/', '-'), artifact: readFileSync(built[i]?.file ?? ''), profile, vectors };
  });
}
