// The second half of the architecture check: package.json dependencies and tsconfig references against the table and
// against what the sources import. Dependencies and references may be fewer than the table allows, never more, and
// must cover the imports.
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type ImportTable, matches } from './import-table.ts';
import type { PlacedSource } from './read-imports.ts';
import { filesBelow } from './repository-files.ts';

interface Workspace {
  readonly folder: string;
  readonly name: string;
  readonly dependencies: readonly string[];
  /** tsconfig files that the workspace's own tsconfig files reference, outside the workspace. */
  readonly references: readonly string[];
}

interface PackageJson {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Violations in the package.json and tsconfig files of every workspace in the table that exists. */
export function workspaceViolations(root: string, table: ImportTable, sources: readonly PlacedSource[]): string[] {
  const folders = [...new Set(Object.values(table).map(({ workspace }) => workspace))];
  const workspaces = folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((f) => read(root, f));
  return [
    ...workspaces.flatMap((workspace) => dependencyViolations(workspace, table, sources)),
    ...workspaces.flatMap((workspace) => referenceViolations(workspace, workspaces)),
    ...unreachableProjects(root),
  ];
}

function read(root: string, folder: string): Workspace {
  const manifest = readJson<PackageJson>(root, `${folder}/package.json`);
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
  const references = projectFiles(root, folder).flatMap((path) => referencesOf(root, path));
  return {
    folder,
    name: manifest.name,
    dependencies: Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }),
    references: references.filter((path) => posix.dirname(path) !== folder),
  };
}

function dependencyViolations(workspace: Workspace, table: ImportTable, sources: readonly PlacedSource[]): string[] {
  const zones = Object.entries(table).filter(([, zone]) => zone.workspace === workspace.folder);
  const allowed = zones.flatMap(([, zone]) => [...zone.packages, ...zone.external]).map(packageName);
  const imported = sources
    .filter(({ zone }) => table[zone]?.workspace === workspace.folder)
    .flatMap(({ imports }) => imports.flatMap(({ specifier }) => (specifier === undefined ? [] : [specifier])))
    .filter((specifier) =>
      zones.some(([, zone]) => [...zone.packages, ...zone.external].some((p) => matches(specifier, p))),
    )
    .filter((specifier) => !specifier.includes(':'))
    .map(packageName);
  const file = `${workspace.folder}/package.json`;
  const extra = workspace.dependencies.filter((name) => !allowed.includes(name));
  const missing = [...new Set(imported)].filter((name) => !workspace.dependencies.includes(name));
  return [
    ...extra.map((name) => `${file} depends on ${name}, which the import table does not allow`),
    ...missing.map((name) => `${file} lacks ${name}, which its sources import`),
  ];
}

/** References and dependencies among our own packages must name the same packages. */
function referenceViolations(workspace: Workspace, workspaces: readonly Workspace[]): string[] {
  const byName = new Map(workspaces.map((other) => [other.name, other.folder]));
  const depended = workspace.dependencies.flatMap((name) => byName.get(name) ?? []);
  const referenced = new Set(workspace.references.map((path) => posix.dirname(path)));
  const missing = depended.filter((folder) => !referenced.has(folder));
  const extra = [...referenced].filter((folder) => !depended.includes(folder));
  return [
    ...missing.map((folder) => `${workspace.folder} depends on ${folder}, but no tsconfig of it references that`),
    ...extra.map((folder) => `${workspace.folder} references ${folder}, but package.json does not depend on it`),
  ];
}

/** A tsconfig nobody references is never type-checked. One whose folder does not exist yet may wait. */
function unreachableProjects(root: string): string[] {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path) || !existsSync(join(root, path))) return;
    reached.add(path);
    for (const next of referencesOf(root, path)) visit(next);
  };
  visit('tsconfig.json');
  const all = ['schemas', 'tools', 'site', 'test'].flatMap((folder) => filesBelow(root, folder));
  return all
    .filter((path) => /(^|\/)tsconfig[^/]*\.json$/.test(path) && !/\/(vectors|plugins)\//.test(path))
    .filter((path) => !reached.has(path) && includesSomething(root, path))
    .map((path) => `${path} is not reached by the references of tsconfig.json, so nothing checks it`);
}

function includesSomething(root: string, path: string): boolean {
  const { include = ['src'] } = readJson<{ include?: string[] }>(root, path);
  return include.some((pattern) => existsSync(join(root, posix.dirname(path), pattern.replace(/\/?\*.*$/, ''))));
}

function projectFiles(root: string, folder: string): string[] {
  const names = ['tsconfig.json', 'tsconfig.node.json', 'tsconfig.worker.json'];
  return names.map((name) => `${folder}/${name}`).filter((path) => existsSync(join(root, path)));
}

function referencesOf(root: string, path: string): string[] {
  const { references = [] } = readJson<{ references?: { path: string }[] }>(root, path);
  return references.map((reference) => {
    const target = posix.join(posix.dirname(path), reference.path);
    return target.endsWith('.json') ? target : `${target}/tsconfig.json`;
  });
}

function readJson<T>(root: string, path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
}

/** `@scope/name/sub` and `name/sub` to the package they belong to; prefixes lose their `*`. */
function packageName(specifier: string): string {
  const parts = specifier.replace(/[/*]+$/, '').split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}
