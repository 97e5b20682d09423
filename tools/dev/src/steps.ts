import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildCommand } from './child.ts';

export const REPOSITORY: string = fileURLToPath(new URL('../../..', import.meta.url));

/** Everything made on the way lies here and is ignored by git. */
const WORK = '.plugmark/dev';
const RUNS = `${WORK}/runs`;
const TREE = `${WORK}/tree`;
const PAGES = `${WORK}/pages`;
const OUT = 'dist';

const SOURCE_CONDITION = '--conditions=@plugmark/source';
const plugmark = (...args: string[]): ChildCommand => ({ args: ['tools/cli/bin/plugmark.js', ...args] });

const QUIET_ASTRO = { ASTRO_TELEMETRY_DISABLED: '1', ASTRO_DEV_BACKGROUND: '0', ASTRO_PREVIEW_BACKGROUND: '0' };

export interface Step {
  readonly title: string;
  readonly command: ChildCommand;
}

export const STEPS: readonly Step[] = [
  {
    title: 'building the example plugins',
    command: { args: [SOURCE_CONDITION, 'test/testkit/build-plugins.ts', `${WORK}/artifacts`], isQuiet: true },
  },
  {
    title: 'signing part of it without keys, through Sigstore on this machine',
    command: { args: [SOURCE_CONDITION, 'tools/dev/src/sign-keyless.ts'] },
  },
  { title: 'running the vectors in the sandbox', command: plugmark('registry', 'run', '--out', RUNS) },
  {
    title: 'analysing, signing and verifying the registry',
    command: plugmark('registry', 'build', '--out', TREE, '--runs', RUNS),
  },
  {
    title: 'building the site',
    command: {
      args: [SOURCE_CONDITION, 'site/src/bundle/build-site.ts'],
      env: { ...QUIET_ASTRO, PLUGMARK_TREE: join(REPOSITORY, TREE), PLUGMARK_PAGES: join(REPOSITORY, PAGES) },
    },
  },
  {
    title: 'putting both into dist/',
    command: plugmark('registry', 'deploy', '--tree', TREE, '--pages', PAGES, '--to', OUT),
  },
];

export function serveCommand(port: string): ChildCommand {
  return plugmark('registry', 'serve', OUT, '--port', port, '--base', process.env['PLUGMARK_BASE'] ?? '/');
}
