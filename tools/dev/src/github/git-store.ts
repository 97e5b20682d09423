// Objects and refs of the stand-in: a real bare repository, written and read by git itself, so that every id is one that git would
// give. All repositories of a fork network share its objects, as on GitHub; each has its refs in a namespace of its own.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DevError } from '../dev-error.ts';

const execute = promisify(execFile);
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

  writeBlob(bytes: Uint8Array): Promise<string> {
    return this.git(['hash-object', '-w', '--stdin'], { input: bytes });
  }

  readBlob(sha: string): Promise<Uint8Array> {
    return this.bytes(['cat-file', 'blob', sha]);
  }

  /** `undefined` for what is not there. */
  async typeOf(sha: string): Promise<string | undefined> {
    return this.git(['cat-file', '-t', sha]).catch(() => undefined);
  }

  async readTree(sha: string, { recursive = false }: { recursive?: boolean } = {}): Promise<TreeEntry[]> {
    const text = await this.git(['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), sha]);
    return text.split('\0').filter(Boolean).map(treeEntry);
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

  async writeCommit({ message, tree, parents, by, at }: CommitInput): Promise<string> {
    const date = `${Math.floor(at.getTime() / 1000)} +0000`;
    const who = (role: string): Record<string, string> => ({
      [`GIT_${role}_NAME`]: by.name,
      [`GIT_${role}_EMAIL`]: by.email,
      [`GIT_${role}_DATE`]: date,
    });
    const env = { ...who('AUTHOR'), ...who('COMMITTER') };
    return this.git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], { env, input: message });
  }

  async readCommit(sha: string): Promise<{ tree: string; parents: string[]; message: string }> {
    const text = await this.git(['cat-file', 'commit', sha]);
    const end = text.indexOf('\n\n');
    const lines = text.slice(0, end).split('\n');
    const named = (name: string): string[] =>
      lines.flatMap((line) => (line.startsWith(`${name} `) ? line.slice(name.length + 1) : []));
    return { tree: named('tree')[0] ?? '', parents: named('parent'), message: text.slice(end + 2) };
  }

  async readRef(name: string): Promise<string | undefined> {
    return this.git(['rev-parse', '--verify', '--quiet', name]).catch(() => undefined);
  }

  /** With `from`, only where it still says that: what makes a push that is not forced safe. */
  async writeRef(name: string, sha: string, from?: string): Promise<void> {
    await this.git(['update-ref', name, sha, ...(from === undefined ? [] : [from])]);
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

function treeEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
  const entry = { mode, type: type as TreeEntry['type'], sha, path: line.slice(tab + 1) };
  return size === '-' ? entry : { ...entry, size: Number(size) };
}
