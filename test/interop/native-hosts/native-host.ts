// The hosts of test/hosts, made ready: a virtual environment of Python, a build by cargo, both in an ignored folder. What cannot be made
// here is said with its reason; where the packages are there already, no registry of a language is asked.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const HOSTS = join(REPOSITORY, 'test/hosts');
/** `PLUGMARK_HOSTS` moves it, so that several checkouts can share one build. */
const READY = process.env['PLUGMARK_HOSTS'] ?? join(REPOSITORY, '.plugmark/hosts');
const A_WHILE = 3_000_000;

export interface NativeHost {
  readonly name: 'python' | 'rust';
  /** Speaks the runner protocol. */
  readonly client: readonly string[];
  /** Verifies and runs a plugin; its options are appended. */
  readonly host: readonly string[];
  /** What the host rests on, with versions as locked. */
  readonly libraries: Readonly<Record<string, string>>;
}

export type Prepared = NativeHost | { readonly name: NativeHost['name']; readonly problem: string };

export const run = (command: string, args: readonly string[], cwd = REPOSITORY, env: NodeJS.ProcessEnv = {}) =>
  promisify(execFile)(command, args, {
    cwd,
    env: { ...process.env, ...env },
    timeout: A_WHILE,
    maxBuffer: 200_000_000,
  });

async function attempt(name: NativeHost['name'], make: () => Promise<NativeHost>): Promise<Prepared> {
  try {
    return await make();
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    return { name, problem: (stderr.trim().split('\n').at(-1) || message).slice(0, 200) };
  }
}

const python = join(READY, 'python/bin/python');

const preparePython = (): Promise<Prepared> =>
  attempt('python', async () => {
    const folder = join(HOSTS, 'python');
    const wanted = (await readFile(join(folder, 'requirements.txt'), 'utf8')).trim().split('\n');
    if (!existsSync(python)) await run('python3', ['-m', 'venv', join(READY, 'python')]);
    const { stdout } = await run(python, ['-m', 'pip', 'freeze']);
    const there = new Set(stdout.trim().split('\n'));
    if (wanted.some((line) => !there.has(line)))
      await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', 'requirements.txt'], folder);
    const client = [python, join(folder, 'plugmark-client')];
    return {
      name: 'python',
      client,
      host: [...client, 'run'],
      libraries: namedOnes(wanted, /^([\w-]+)==(.+)$/, PYTHON),
    };
  });

const PYTHON = ['tuf', 'cryptography', 'sigstore', 'rfc3161-client', 'jsonschema_rs', 'wasmtime'];
const RUST = ['tough', 'aws-lc-rs', 'sigstore-verify', 'jsonschema', 'wasmtime'];

const prepareRust = (): Promise<Prepared> =>
  attempt('rust', async () => {
    const folder = join(HOSTS, 'rust');
    const target = join(READY, 'rust');
    await mkdir(target, { recursive: true });
    await run('cargo', ['build', '--locked', '--quiet'], folder, { CARGO_TARGET_DIR: target });
    const binary = join(target, 'debug/plugmark-host');
    const lines = (await readFile(join(folder, 'Cargo.toml'), 'utf8')).split('\n');
    const libraries = namedOnes(lines, /^([\w-]+) = .*"=([^"]+)"/, RUST);
    return { name: 'rust', client: [binary], host: [binary, 'run'], libraries };
  });

function namedOnes(lines: readonly string[], line: RegExp, names: readonly string[]): Record<string, string> {
  const pairs = lines.flatMap((text) => {
    const [, name = '', version = ''] = line.exec(text) ?? [];
    return names.includes(name) ? [[name, version] as const] : [];
  });
  return Object.fromEntries(pairs.sort(([a], [b]) => names.indexOf(a) - names.indexOf(b)));
}

const HOST_KINDS = { python: preparePython, rust: prepareRust };

/** `PLUGMARK_NATIVE_HOSTS=python` leaves the others out, and says so. */
export async function prepareHosts(): Promise<readonly Prepared[]> {
  const wanted = process.env['PLUGMARK_NATIVE_HOSTS']?.split(',');
  const made: Prepared[] = [];
  for (const [name, prepare] of Object.entries(HOST_KINDS) as [NativeHost['name'], () => Promise<Prepared>][])
    made.push(
      wanted === undefined || wanted.includes(name)
        ? await prepare()
        : { name, problem: 'left out by PLUGMARK_NATIVE_HOSTS' },
    );
  return made;
}

/** Of the Python host's environment, for strangers that live in it; undefined where it is not there. */
export const hostPython = (): string | undefined => (existsSync(python) ? python : undefined);
