// `npm run bench -- NAME`: runs one bench. Talk on stderr, one JSON line last on stdout. Exit 0 whatever the times,
// 2 for an unknown name.
import { benchLine, type Row, talk } from './harness.ts';

interface Bench {
  readonly about: string;
  /** Loaded on demand: a bench must not pay for another one's imports. */
  load(): Promise<{ readonly bench: () => Promise<Row[]> }>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  analysis: {
    about: 'reports, the walk and the meter on real modules, beside wabt, wasmparser, binaryen and V8',
    load: () => import('./analysis.ts'),
  },
  client: {
    about: 'the client: its weight, resolving beside tuf-js at 1k and 10k plugins, a first install on a slow line',
    load: () => import('./client.ts'),
  },
  meter: { about: 'metering: throughput, size, slowdown of real plugins', load: () => import('./meter.ts') },
  registry: {
    about: 'one more release and a build of what changed, at 1k and 10k plugins, beside @tufjs/models',
    load: () => import('./registry.ts'),
  },
  sandbox: {
    about: 'one vector all in, and what each example plugin needs beside what hosts promise',
    load: () => import('./sandbox.ts'),
  },
  sigstore: {
    about: 'keyless verification: bytes for a page, time beside @sigstore/verify',
    load: () => import('./sigstore.ts'),
  },
  site: {
    about: 'the site of 1k and 10k plugins: building it, its weight, Lighthouse, and searching beside MiniSearch',
    load: () => import('./site.ts'),
  },
  waits: {
    about: 'from a known publisher’s pull request to an installed plugin, by rule, on the GitHub stand-in',
    load: () => import('./waits.ts'),
  },
  sections: { about: 'readWasm on real plugins, beside wabt.js', load: () => import('./sections.ts') },
};

async function main(name: string | undefined): Promise<number> {
  const chosen = name === undefined ? undefined : BENCHES[name];
  if (name === undefined || chosen === undefined) {
    talk('usage: npm run bench -- NAME');
    for (const [known, { about }] of Object.entries(BENCHES)) talk(`  ${known.padEnd(20)} ${about}`);
    return 2;
  }
  const { bench } = await chosen.load();
  const rows = await bench();
  for (const each of rows) talk(describe(each));
  process.stdout.write(`${benchLine(name, rows)}\n`);
  return 0;
}

function describe(each: Row): string {
  const peer = each.peer === null || each.peerValue === null ? '' : `, ${each.peer} ${each.peerValue} ${each.unit}`;
  const outcome = 'skipped' in each ? `skipped: ${each.skipped}` : each.reached ? 'reached' : 'not reached';
  return `${each.name}: ${each.value ?? '-'} ${each.unit}${peer}${each.goal === null ? '' : `, goal ${each.goal}`}: ${outcome}`;
}

process.exitCode = await main(process.argv[2]);
