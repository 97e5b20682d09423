// Every template for every host that has one, and the compilers of this machine that build them. `raw` has no host of its own in
// the registry, so a small one is made.

import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TEMPLATE_NAMES, type TemplateName } from '../../tools/cli/src/plugin-templates.ts';
import { compilerProblem, NATIVE_PLUGINS } from '../testkit/native-plugins.ts';
import { type Ended, runCommand } from '../testkit/run-command.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

export interface TemplateCase {
  readonly host: string;
  readonly template: TemplateName;
  readonly manifest: string;
}

const HOSTS: readonly (readonly [string, string])[] = [
  ['ddalab', 'ddalab-plugin.yaml'],
  ['conductor', 'plugin.yaml'],
  ['hielements', 'plugin.yaml'],
  ['numbers', 'plugin.json'],
];

export const TEMPLATE_CASES: readonly TemplateCase[] = HOSTS.flatMap(([host, manifest]) =>
  TEMPLATE_NAMES.map((template) => ({ host, template, manifest })),
);

/** A folder with registry/ (rules and hosts, no plugins) and what npm installed, as beside a publisher's package.json. */
export async function makeWorkplace(folder: string): Promise<void> {
  const data = join(REPOSITORY, 'registry');
  await mkdir(join(folder, 'registry'), { recursive: true });
  for (const name of ['registry.json', 'policy.json', 'reserved-names.json', 'hosts'])
    await cp(join(data, name), join(folder, 'registry', name), { recursive: true });
  // Whether there are containers here is this machine's matter.
  const policy = JSON.parse(await readFile(join(data, 'policy.json'), 'utf8')) as object;
  await writeFile(join(folder, 'registry/policy.json'), JSON.stringify({ ...policy, sandbox: { requiredLayers: [] } }));
  const conductor = JSON.parse(await readFile(join(data, 'hosts/conductor.json'), 'utf8')) as Record<string, object>;
  const imports = (conductor['imports'] as unknown as { module: string }[]).filter(
    ({ module }) => module !== 'conductor',
  );
  const numbers = {
    ...conductor,
    detachedSignature: undefined,
    host: 'numbers',
    title: 'Numbers',
    abi: 'raw',
    apiVersions: ['2.0.0'],
    manifest: { file: 'plugin.json', fields: {} },
    exports: [
      { name: 'clamp', kind: 'function', types: ['(i32, i32, i32) -> (i32)'], required: true, purpose: 'asked' },
    ],
    imports,
  };
  await writeFile(join(folder, 'registry/hosts/numbers.json'), JSON.stringify(numbers));
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
}

export function initPlugin(workplace: string, { host, template }: TemplateCase): Promise<Ended> {
  const name = `${host}-${template}`;
  return runCommand(
    ['init', name, '--host', host, '--template', template, '--plugin', `acme/${name}`, '--no-input', '--json'],
    workplace,
  );
}

/** Why this template cannot be built here; undefined when it can. */
export async function buildProblem({ template, host }: TemplateCase): Promise<string | undefined> {
  if (template === 'assemblyscript') return undefined;
  const plugin = NATIVE_PLUGINS.find(({ language }) => language === template);
  const problem = plugin && (await compilerProblem(plugin));
  if (problem !== undefined || template !== 'c') return problem;
  const libc = await readdir('/usr/lib/wasm32-wasi').catch((): string[] => []);
  return libc.includes('libc.a') ? undefined : `no wasi-libc for ${host} (Debian: wasi-libc libclang-rt-14-dev-wasm32)`;
}

/** The command that init printed, with Debian's compilers where the language needs one. `npm install` was done above. */
export async function buildPlugin(folder: string, { template }: TemplateCase): Promise<void> {
  const env = { ...process.env, RUSTC: '/usr/bin/rustc', LINKER: 'wasm-ld-14', CC: 'clang-14', SYSROOT: '/usr' };
  const [file, ...args] = template === 'assemblyscript' ? ['npm', 'run', '--silent', 'build'] : ['./build.sh'];
  await run(file as string, args, { cwd: folder, env });
}

export async function vectorNames(folder: string): Promise<string[]> {
  return (await readdir(join(folder, 'vectors'))).map((name) => name.replace(/\.json$/, '')).sort();
}
