// A registry that grows: what one more release costs, and a build over everything, at a thousand and ten thousand plugins. The trees
// are synthetic, five releases a plugin, kept under .plugmark for two days; making the large one takes a quarter of an hour.
//
// `publish-one` is what is signed and filed: ledger, metadata, documents, attestations, bytes. The plain views list every plugin, so
// what they cost grows with the registry; they are rows of their own. Processor time is of this process and of git.
// `npm run bench:registry` takes a quarter of an hour where the trees are there: a whole build of the large one takes half of that.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type FileChanges, lazyFolder, type Update, updateViews, writeChanges } from '@plugmark/publish';
import { childrenMs, type GrowingRegistry, openGrowing, ownMs } from './growing-registry.ts';
import { median, medianMs, type Row, row, talk } from './harness.ts';

const SIZES = [
  { label: '1k', plugins: 1000 },
  { label: '10k', plugins: 10_000 },
] as const;
const RUNS = 5;
const WARM_RUNS = 10;
/** Comes with tuf-js and is found beside it. */
const PEER = '@tufjs/models';

export async function bench(): Promise<Row[]> {
  const peer = { name: `${PEER}, 1k flat`, value: await modelsUpdateMs() };
  const rows: Row[] = [];
  for (const { label, plugins } of SIZES) {
    talk(`${label}: opening, which makes it where it is not there yet`);
    const registry = await openGrowing(plugins);
    rows.push(...(await publishRows(label, registry, peer)), ...buildRows(label, registry));
  }
  return rows;
}

interface Published {
  readonly cpu: number;
  readonly signedBytes: number;
  readonly ledgerBytes: number;
}

interface Viewed {
  readonly cpu: number;
  readonly bytes: number;
}

async function publishRows(
  label: string,
  registry: GrowingRegistry,
  peer: { readonly name: string; readonly value: number },
): Promise<Row[]> {
  // Warm first: the compilers of the engine go on for several builds.
  for (let i = 0; i < WARM_RUNS; i++) await publishOne(registry, i);
  const runs: Published[] = [];
  for (let i = 0; i < RUNS; i++) runs.push(await publishOne(registry, 10 + i));
  // Afterwards: what views leave behind for the collector would be paid for by the next release.
  const views: Viewed[] = [];
  for (let i = 0; i < RUNS; i++) views.push(await viewsOfOne(registry, 20 + i));
  const of = (name: keyof Published): number => median(runs.map((run) => run[name]));
  const name = `publish-one-${label}`;
  return [
    row({ name, unit: 'ms CPU', value: of('cpu'), peer, goal: { of: 'value', atMost: 250 } }),
    row({
      name: `${name}-bytes`,
      unit: 'bytes signed',
      value: of('signedBytes'),
      goal: { of: 'value', atMost: 40_000 },
    }),
    row({ name: `${name}-ledger-bytes`, unit: 'bytes', value: of('ledgerBytes') }),
    row({ name: `${name}-views`, unit: 'ms CPU', value: median(views.map(({ cpu }) => cpu)) }),
    row({ name: `${name}-view-bytes`, unit: 'bytes', value: median(views.map(({ bytes }) => bytes)) }),
  ];
}

/** Publishes one more release of some plugin as the command does, and takes it back. */
async function publishOne(registry: GrowingRegistry, number: number): Promise<Published> {
  const undo = await registry.addRelease(number);
  try {
    const [start, gitStart] = [ownMs(), childrenMs()];
    const { source, update } = await registry.update({ count: 0 });
    await writeChanges(registry.ledger, update.ledger);
    await writeChanges(registry.tree, update.tree);
    const own = ownMs() - start;
    // What git used is known when it has ended.
    await source.close();
    return {
      cpu: own + childrenMs() - gitStart,
      signedBytes: signedBytes(update),
      ledgerBytes: sizeOf(update.ledger),
    };
  } finally {
    await undo();
  }
}

/** The views after one more release. */
async function viewsOfOne(registry: GrowingRegistry, number: number): Promise<Viewed> {
  const undo = await registry.addRelease(number);
  try {
    const { source, update } = await registry.update({ count: 0 });
    const start = ownMs();
    const { offline } = registry;
    const views = await updateViews({ folder: source, offline, update, tree: lazyFolder(registry.tree) });
    if ('whole' in views) throw new TypeError('a release more needed a whole build');
    const cpu = ownMs() - start;
    await source.close();
    return { cpu, bytes: changedBytes(registry.tree, views as FileChanges) };
  } finally {
    await undo();
  }
}

/** Metadata, documents and attestations that changed: what a client may be asked to believe. The release's own bytes are the publisher's. */
function signedBytes({ ledger }: Update): number {
  return sizeOf(new Map([...ledger].filter(([path]) => /^(?:metadata|targets|attestations)\//.test(path))));
}

function sizeOf(changes: FileChanges): number {
  return [...changes.values()].reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0);
}

function changedBytes(folder: string, changes: FileChanges): number {
  const files = lazyFolder(folder);
  const changed = [...changes].filter(
    ([path, bytes]) => Buffer.compare(files.get(path) ?? Buffer.alloc(0), bytes ?? Buffer.alloc(0)) !== 0,
  );
  return sizeOf(new Map(changed));
}

interface BuildTook {
  readonly cpu: number;
  readonly wall: number;
  readonly mb: number;
}

const CHANGED = new URL('./build-once.ts', import.meta.url);
const WHOLE = new URL('./build-whole.ts', import.meta.url);

/** A build in a process of its own. */
function buildIn(script: URL, folder: string): BuildTook {
  const argv = ['--conditions=@plugmark/source', fileURLToPath(script), folder];
  const said = execFileSync(process.execPath, argv, { encoding: 'utf8' });
  return JSON.parse(said) as BuildTook;
}

/** What `registry build --changed` does with one release more and fifty plugins drawn, beside one whole build. */
function buildRows(label: string, { folder }: GrowingRegistry): Row[] {
  const runs = Array.from({ length: RUNS }, () => buildIn(CHANGED, folder));
  talk(`${label}: one whole build`);
  const whole = buildIn(WHOLE, folder);
  const name = `build-${label}`;
  const of = (key: keyof BuildTook, unit: string, scale: number, atMost: number): Row =>
    row({
      name: key === 'cpu' ? name : `${name}-${key === 'mb' ? 'memory' : key}`,
      unit,
      value: median(runs.map((run) => run[key])) / scale,
      peer: { name: 'a whole build, once', value: whole[key] / scale },
      goal: { of: 'value', atMost },
    });
  return [of('cpu', 's CPU', 1000, 5), of('wall', 's', 1000, 5), of('mb', 'MB', 1, 600)];
}

interface Models {
  readonly Metadata: {
    fromJSON(kind: string, value: unknown): { toJSON(): unknown; sign(signer: (data: Buffer) => unknown): void };
  };
  readonly Signature: new (options: { keyID: string; sig: string }) => unknown;
}

/** The nearest thing there is: metadata of a thousand targets read, one target more, written and signed. */
async function modelsUpdateMs(): Promise<number> {
  const require = createRequire(createRequire(import.meta.url).resolve('tuf-js'));
  const { Metadata, Signature } = require(PEER) as Models;
  const target = (number: number) =>
    [
      `plugins/acme/tool-${number}.json`,
      { length: number, hashes: { sha256: number.toString(16).padStart(64, '0') } },
    ] as const;
  const signed = { _type: 'targets', spec_version: '1.0.31', version: 1, expires: '2030-01-01T00:00:00Z' };
  const listing = (count: number) => ({
    signatures: [],
    signed: { ...signed, targets: Object.fromEntries(Array.from({ length: count }, (_, i) => target(i))) },
  });
  const before = JSON.stringify(listing(1000));
  return medianMs(() => {
    const value = JSON.parse(before) as ReturnType<typeof listing>;
    const [path, entry] = target(1000);
    value.signed.targets[path] = entry;
    const metadata = Metadata.fromJSON('targets', value);
    metadata.sign(() => new Signature({ keyID: 'a'.repeat(64), sig: '00' }));
    return JSON.stringify(metadata.toJSON());
  });
}
