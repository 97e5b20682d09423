// Compares the sources, package.json files and tsconfig references below a root with an import table, and returns one
// line per violation. With source conditions the compiler enforces none of this: a missing reference still compiles.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { findCycles } from './find-cycles.ts';
import { type ImportTable, matches, type Zone } from './import-table.ts';
import { type ImportedModule, type PlacedSource, readSource } from './read-imports.ts';
import { filesBelow } from './repository-files.ts';
import { workspaceViolations } from './workspace-files.ts';

/** Every violation of `table` below `root`, sorted; an empty list means the repository keeps its architecture. */
export function architectureViolations(root: string, table: ImportTable): string[] {
  const { sources, strays } = readSources(root, table);
  return [
    ...strays.map((path) => `${path} lies in no zone of the import table`),
    ...sources.flatMap((source) => fileViolations(source, table)),
    ...findCycles(relativeGraph(sources)).map((cycle) => `import cycle: ${cycle.join(' -> ')}`),
    ...workspaceViolations(root, table, sources),
  ].sort();
}

function readSources(root: string, table: ImportTable): { sources: PlacedSource[]; strays: string[] } {
  const sources: PlacedSource[] = [];
  const strays: string[] = [];
  for (const path of ['schemas', 'tools', 'site'].flatMap((folder) => filesBelow(root, folder))) {
    if (!/\/(src|bin)\//.test(path) || !/\.(m?[jt]s|astro)$/.test(path)) continue;
    const zone = zoneOf(path, table);
    if (zone === undefined) strays.push(path);
    else sources.push({ path, zone, ...readSource(path, readFileSync(join(root, path), 'utf8')) });
  }
  return { sources, strays };
}

/** The zone with the deepest folder that holds `path`. */
function zoneOf(path: string, table: ImportTable): string | undefined {
  let found: { name: string; depth: number } | undefined;
  for (const [name, { folders }] of Object.entries(table)) {
    for (const folder of folders) {
      if (path.startsWith(`${folder}/`) && folder.length > (found?.depth ?? 0)) found = { name, depth: folder.length };
    }
  }
  return found?.name;
}

function fileViolations(source: PlacedSource, table: ImportTable): string[] {
  const found = source.imports.flatMap((imported) => {
    const complaint = importComplaint(source, imported, table);
    return complaint === undefined ? [] : [`${source.path}:${imported.line} ${complaint}`];
  });
  if (!source.parses) found.push(`${source.path} cannot be parsed, so its imports are unknown`);
  if (posix.basename(source.path) === 'index.ts' && !source.onlyNamedReexports && !source.path.startsWith('site/')) {
    found.push(`${source.path} does more than re-export by name`);
  }
  return found;
}

function importComplaint(source: PlacedSource, imported: ImportedModule, table: ImportTable): string | undefined {
  const { specifier } = imported;
  if (specifier === undefined) return 'imports a computed specifier, which nothing can check';
  const zoneName = imported.inScript ? `${source.zone}/browser` : source.zone;
  const zone = table[zoneName];
  if (zone === undefined) return `imports ${specifier} in a script, and there is no zone ${zoneName}`;
  if (specifier.startsWith('.')) return relativeComplaint(source.path, specifier, zoneName, table);
  if (isBuiltin(specifier)) return builtinComplaint(specifier, zoneName, zone);
  const allowed = [...zone.packages, ...zone.external];
  return allowed.some((pattern) => matches(specifier, pattern))
    ? undefined
    : `imports ${specifier}, which ${zoneName} may not`;
}

function builtinComplaint(specifier: string, zoneName: string, zone: Zone): string | undefined {
  if (!zone.node) return `imports ${specifier}, which ${zoneName} may not`;
  return specifier.startsWith('node:') ? undefined : `imports ${specifier} without node:`;
}

function relativeComplaint(path: string, specifier: string, zoneName: string, table: ImportTable): string | undefined {
  const target = resolveRelative(path, specifier);
  const zone = table[zoneName];
  if (!target.startsWith(`${zone?.workspace}/`)) return `reaches out of its package: ${specifier}`;
  if (posix.basename(target) === 'index.ts') return `imports its own package's index: ${specifier}`;
  const targetZone = zoneOf(target, table);
  if (targetZone === undefined || targetZone === zoneName || zone?.within.includes(targetZone)) return undefined;
  return `imports ${specifier} in ${targetZone}, which ${zoneName} may not`;
}

function resolveRelative(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ''));
}

function relativeGraph(sources: readonly PlacedSource[]): Map<string, string[]> {
  const known = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map(({ path, imports }) => {
      const relative = imports.flatMap(({ specifier }) => (specifier?.startsWith('.') ? [specifier] : []));
      return [
        path,
        relative.map((specifier) => resolveRelative(path, specifier)).filter((target) => known.has(target)),
      ];
    }),
  );
}
