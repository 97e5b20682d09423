// Objects and refs of the stand-in: a real bare repository, written and read by git itself, so that every id is one that git would
// give. All repositories of a fork network share its objects, as on GitHub; each has its refs in a namespace of its own.

import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { DevError } from '../dev-error.ts';
import { type ObjectReader, objectReader } from './object-reader.ts';

const execute = promisify(execFile);
/** In place of a commit where there is none. */
export const NOTHING: string = '0'.repeat(40);
const MAX_OUTPUT = 256 * 1024 * 1024;

/** Nothing of this machine's settings may decide what a commit's id is. */
const QUIET: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly path: string;
  readonly size?: number;
}

export interface CommitInput {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly by: { readonly name: string; readonly email: string };
  readonly at: Date;
}

/** A change of a tree: `sha: null` removes the path. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

export class GitStore {
  readonly folder: string;
  #reader: ObjectReader | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  static async create(folder: string): Promise<GitStore> {
    const store = new GitStore(folder);
    await execute('git', ['init', '--bare', '--quiet', '--initial-branch=main', folder], { env: store.#env() });
    // A pull request's commit is asked for by its id, whatever ref holds it.
    await store.git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    return store;
  }

  #env(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], ...QUIET, ...more };
  }

  /** Output as text without its last line break. Throws COMMAND_FAILED. */
  async git(
    args: readonly string[],
    options: { input?: Uint8Array | string; env?: Record<string, string> } = {},
  ): Promise<string> {
    return Buffer.from(await this.bytes(args, options))
      .toString('utf8')
      .replace(/\n$/, '');
  }

  async bytes(
    args: readonly string[],
    { input, env = {} }: { input?: Uint8Array | string; env?: Record<string, string> } = {},
  ): Promise<Uint8Array> {
    const child = spawn('git', ['--git-dir', this.folder, ...args], { env: this.#env(env) });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_OUTPUT) out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined); // git may end before it has read everything
    child.stdin.end(input);
    const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
    if (code === 0) return Buffer.concat(out);
    throw new DevError('COMMAND_FAILED', `git ${args[0]}: ${Buffer.concat(err).toString('utf8').trim()} (${code})`);
  }

  /** As git writes a loose object; a process for each would cost more than everything else. */
  writeBlob(bytes: Uint8Array): Promise<string> {
    return this.#write('blob', bytes);
  }

  async #write(type: 'blob' | 'commit', bytes: Uint8Array): Promise<string> {
    const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
    const sha = createHash('sha1').update(whole).digest('hex');
    const folder = join(this.folder, 'objects', sha.slice(0, 2));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, sha.slice(2)), deflateSync(whole), { flag: 'wx' }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
    return sha;
  }

  get #objects(): ObjectReader {
    this.#reader ??= objectReader(this.folder, this.#env());
    return this.#reader;
  }

  close(): void {
    this.#reader?.close();
  }

  async readBlob(sha: string): Promise<Uint8Array> {
    return (await this.#object(sha, 'blob')).bytes;
  }

  async #object(sha: string, type: string): Promise<{ readonly bytes: Uint8Array }> {
    const found = await this.#objects.read(sha);
    if (found?.type === type) return found;
    throw new DevError('NOT_FOUND', `${sha} is no ${type}`);
  }

  /** `undefined` for what is not there. */
  async typeOf(sha: string): Promise<string | undefined> {
    return (await this.#objects.read(sha))?.type;
  }

  /** Of a commit the tree it names. */
  async readTree(sha: string, { recursive = false }: { recursive?: boolean } = {}): Promise<TreeEntry[]> {
    const id = (await this.typeOf(sha)) === 'commit' ? (await this.readCommit(sha)).tree : sha;
    const { bytes } = await this.#object(id, 'tree');
    const entries: TreeEntry[] = [];
    for (const entry of treeEntries(bytes)) {
      const size = entry.type === 'blob' ? await this.#objects.size(entry.sha) : undefined;
      entries.push(size === undefined ? entry : { ...entry, size });
      if (!recursive || entry.type !== 'tree') continue;
      for (const inner of await this.readTree(entry.sha, { recursive }))
        entries.push({ ...inner, path: `${entry.path}/${inner.path}` });
    }
    return entries;
  }

  /** The tree that these changes make of another one. */
  async writeTree(base: string | undefined, changes: readonly TreeChange[]): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'plugmark-index-'));
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    try {
      if (base !== undefined) await this.git(['read-tree', base], { env });
      const lines = changes.map(({ path, mode, sha }) =>
        sha === null ? `0 ${'0'.repeat(40)}\t${path}\0` : `${mode} ${sha}\t${path}\0`,
      );
      await this.git(['update-index', '-z', '--index-info'], { env, input: lines.join('') });
      return await this.git(['write-tree'], { env });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  writeCommit({ message, tree, parents, by, at }: CommitInput): Promise<string> {
    const who = `${by.name} <${by.email}> ${Math.floor(at.getTime() / 1000)} +0000`;
    const head = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${who}`, `committer ${who}`];
    return this.#write('commit', Buffer.from(`${head.join('\n')}\n\n${message.replace(/\n*$/, '\n')}`));
  }

  async readCommit(sha: string): Promise<{ tree: string; parents: string[]; message: string }> {
    const text = Buffer.from((await this.#object(sha, 'commit')).bytes).toString('utf8');
    const end = text.indexOf('\n\n');
    const lines = text.slice(0, end).split('\n');
    const named = (name: string): string[] =>
      lines.flatMap((line) => (line.startsWith(`${name} `) ? line.slice(name.length + 1) : []));
    return { tree: named('tree')[0] ?? '', parents: named('parent'), message: text.slice(end + 2) };
  }

  async readRef(name: string): Promise<string | undefined> {
    // Nothing packs the refs of a repository that lives for one test.
    const text = await readFile(join(this.folder, name), 'utf8').catch(() => undefined);
    return text?.trim();
  }

  /** With `from`, only where it still says that: what makes a push that is not forced safe. */
  async writeRef(name: string, sha: string, from?: string): Promise<void> {
    const before = (await this.readRef(name)) ?? NOTHING;
    if (from !== undefined && before !== from) throw new DevError('REQUEST_INVALID', `${name} is not at ${from}`);
    await mkdir(dirname(join(this.folder, name)), { recursive: true });
    await writeFile(join(this.folder, name), `${sha}\n`);
  }

  async isAncestor(ancestor: string, sha: string): Promise<boolean> {
    return this.git(['merge-base', '--is-ancestor', ancestor, sha]).then(
      () => true,
      () => false,
    );
  }

  /** The tree of merging two commits; undefined when they conflict. */
  async mergeTrees(base: string, head: string): Promise<string | undefined> {
    const text = await this.git(['merge-tree', '--write-tree', '--no-messages', base, head]).catch(() => undefined);
    return text?.split('\n')[0];
  }
}

/** `<mode> <name>\0<20 bytes>` one after another. */
function* treeEntries(bytes: Uint8Array): Generator<TreeEntry> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    const [mode = '', ...name] = Buffer.from(bytes.subarray(at, end)).toString('utf8').split(' ');
    const sha = Buffer.from(bytes.subarray(end + 1, end + 21)).toString('hex');
    const whole = mode.padStart(6, '0');
    yield {
      mode: whole,
      type: whole === '040000' ? 'tree' : whole === '160000' ? 'commit' : 'blob',
      sha,
      path: name.join(' '),
    };
    at = end + 21;
  }
}
