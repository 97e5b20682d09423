// The folder a child may read, and nothing else of this machine: the child's own code as plain JavaScript, and for components the
// translator with the browser build of its shim. Made once for a process, readable only, and removed when the process ends.

import { existsSync, rmSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleModules, laterModules } from './bundle.ts';
import { SandboxError } from './error.ts';

export interface ChildImage {
  readonly folder: string;
  readonly entry: string;
}

const CHILD = fileURLToPath(new URL('./child/', import.meta.url));
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const LATER_IMPORT = /(import\('\.\/[^']+)\.ts'\)/g;
const PREFIX = 'plugmark-child-';
const STALE_MILLISECONDS = 3_600_000;
const JCO = '@bytecodealliance/jco-transpile';
const SHIM = '@bytecodealliance/preview2-shim';
const TRANSLATOR = 'js-component-bindgen-component';

const made = new Map<'run' | 'translate', Promise<ChildImage>>();

/** @throws {SandboxError} CHILD_UNAVAILABLE */
export function childImage(task: 'run' | 'translate'): Promise<ChildImage> {
  let image = made.get(task);
  if (image === undefined) {
    image = makeImage(task).catch((cause) => {
      made.delete(task);
      throw new SandboxError('CHILD_UNAVAILABLE', 'the code of the child process cannot be prepared', { cause });
    });
    made.set(task, image);
  }
  return image;
}

async function makeImage(task: 'run' | 'translate'): Promise<ChildImage> {
  await removeStale();
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const modules = await readModules();
  for (const entry of ['main', ...laterModules(modules)]) {
    await writeFile(join(folder, `${entry}.js`), bundleModules(entry, modules));
  }
  if (task === 'translate') await addTranslator(join(folder, 'node_modules'));
  // A container runs the child under another user.
  await chmod(folder, 0o755);
  return { folder, entry: join(folder, 'main.js') };
}

/** What processes left that were killed: no `exit` was heard there. Another's folder is only removed when it is old as well. */
async function removeStale(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : Number.NaN);
    if (!Number.isInteger(pid) || existsSync(`/proc/${pid}`)) continue;
    const path = join(tmpdir(), name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    // Somebody else's cannot be removed, and need not.
    if (age > STALE_MILLISECONDS) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The child's modules as plain JavaScript, by name. */
async function readModules(): Promise<Map<string, string>> {
  const names = (await readdir(CHILD)).filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts'));
  const texts = names.map(async (name): Promise<[string, string]> => {
    const text = await readFile(join(CHILD, name), 'utf8');
    return [name.replace(/\.[tj]s$/, ''), FROM_SOURCE ? plainCode(text) : text];
  });
  return new Map(await Promise.all(texts));
}

/** Types become blanks, so that lines in a stack trace stay true. Node warns once that it may change how it does so; packed code is plain. */
function plainCode(text: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text).replace(LATER_IMPORT, "$1.js')");
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function addTranslator(modules: string): Promise<void> {
  const jco = packageFolder(JCO, '/component', 2);
  const shim = packageFolder(SHIM, '/random', 3);
  const [jcoHere, shimHere] = [join(modules, JCO), join(modules, SHIM)];
  await copyAll(join(jco, 'vendor'), jcoHere, (name) => name.startsWith(TRANSLATOR) && !name.endsWith('.d.ts'));
  await writePackage(jcoHere, { './component': `./${TRANSLATOR}.js` });
  await copyAll(join(shim, 'dist/browser'), join(shimHere, 'browser'), (name) => name.endsWith('.js'));
  await copyAll(join(shim, 'dist/common'), join(shimHere, 'common'), (name) => name.endsWith('.js'));
  await writePackage(shimHere, { './*': './browser/*.js' });
}

/** The installed package, found through one of its exports that lies so many folders deep. */
function packageFolder(name: string, exported: string, depth: number): string {
  let folder = createRequire(createRequire(import.meta.url).resolve(`${JCO}/component`)).resolve(`${name}${exported}`);
  for (let i = 0; i < depth; i++) folder = dirname(folder);
  return folder;
}

async function copyAll(from: string, to: string, wanted: (name: string) => boolean): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = await readdir(from).catch(() => []);
  await Promise.all(names.filter(wanted).map((name) => copyFile(join(from, name), join(to, name))));
}

async function writePackage(folder: string, exports: Readonly<Record<string, string>>): Promise<void> {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', exports }));
}
