// The registry of the main job as `npm run build` leaves it in dist/, on loopback, with what its reports say of every run.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileTree, readFolder } from '@plugmark/publish';
import { PackageDocument, parseCanonical, RunReport } from '@plugmark/schemas';
import { REPOSITORY, run } from './native-host.ts';

const DIST = join(REPOSITORY, 'dist');

export async function builtRegistry(): Promise<FileTree> {
  if (!existsSync(join(DIST, 'metadata/1.root.json'))) await run('npm', ['run', 'build', '--silent']);
  return readFolder(DIST);
}

export const newestRoot = async (): Promise<string> => {
  const numbers = (await readdir(join(DIST, 'metadata'))).flatMap(
    (name) => /^(\d+)\.root\.json$/.exec(name)?.[1] ?? [],
  );
  return join(DIST, 'metadata', `${Math.max(...numbers.map(Number))}.root.json`);
};

export interface ReportedRelease {
  readonly plugin: string;
  readonly version: string;
  readonly kind: string;
  readonly host: string;
  /** By vector: fuel and output of each call, of the first configuration. */
  readonly runs: ReadonlyMap<string, readonly { readonly fuel: number | undefined; readonly output: unknown }[]>;
}

export async function reportedReleases(tree: FileTree): Promise<readonly ReportedRelease[]> {
  const documents = [...tree].filter(([path]) => path.startsWith('v1/plugins/'));
  return Promise.all(
    documents.flatMap(([path, bytes]) => {
      const document = parseCanonical(PackageDocument, bytes, path);
      return document.releases.map(async ({ release, attestations }) => {
        const runs = new Map<string, { fuel: number | undefined; output: unknown }[]>();
        for (const { sha256 } of attestations.runs) {
          const report = parseCanonical(RunReport, await readFile(join(DIST, `attestations/${sha256}.json`)), sha256);
          for (const { vector, calls } of report.runs)
            if (!runs.has(vector))
              runs.set(
                vector,
                calls.map(({ fuel, output }) => ({ fuel, output })),
              );
        }
        const [{ host } = { host: '' }] = release.targets;
        return { plugin: document.plugin, version: release.version, kind: release.artifact.kind, host, runs };
      });
    }),
  );
}
