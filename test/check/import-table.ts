// The import table: which code may import what, and nothing else. test/architecture.test.ts compares every import,
// tsconfig reference and package.json dependency with it; ARCHITECTURE.md quotes it. A package boundary is a privilege
// boundary, so a new edge is a decision: change the table in a commit of its own, with the reason in `why`.

/** A set of source folders under one rule. Within a package, zones see each other only through `within`. */
export interface Zone {
  /** Folders below the repository root; of overlapping zones the deepest folder wins. */
  readonly folders: readonly string[];
  /** Folder of the package.json and tsconfig files that must agree. */
  readonly workspace: string;
  /** Our own packages, by exact specifier. */
  readonly packages: readonly string[];
  /** Other people's packages: exact specifiers, or a prefix ending in `*`. */
  readonly external: readonly string[];
  /** Whether `node:` modules may be imported. */
  readonly node: boolean;
  /** Other zones of the same package that relative imports may reach. */
  readonly within: readonly string[];
  readonly why: string;
}

export type ImportTable = Readonly<Record<string, Zone>>;

const SCHEMAS = '@plugmark/schemas';
const WASM = '@plugmark/wasm';
const ANALYSIS = '@plugmark/analysis';
const CLIENT = ['@plugmark/client', '@plugmark/client/trust', '@plugmark/client/sigstore'] as const;
const CLIENT_NODE = '@plugmark/client/node';

export const IMPORT_TABLE = {
  wasm: {
    folders: ['tools/wasm/src'],
    workspace: 'tools/wasm',
    packages: [],
    external: [],
    node: false,
    within: [],
    why: 'bytes to facts; no dependency, any runtime',
  },
  schemas: {
    folders: ['schemas/src'],
    workspace: 'schemas',
    packages: [],
    external: ['zod/mini'],
    node: false,
    within: [],
    why: 'every file format once, any runtime',
  },
  analysis: {
    folders: ['tools/analysis/src'],
    workspace: 'tools/analysis',
    packages: [SCHEMAS, WASM],
    external: [],
    node: false,
    within: [],
    why: 'the same judgement in CI, the CLI and the page',
  },
  client: {
    folders: ['tools/client/src'],
    workspace: 'tools/client',
    packages: [],
    external: [],
    node: false,
    within: [],
    why: 'hosts embed it; it owns its types and decoders',
  },
  'client/node': {
    folders: ['tools/client/src/node'],
    workspace: 'tools/client',
    packages: [],
    external: ['@sigstore/verify', '@sigstore/bundle', '@sigstore/protobuf-specs'],
    node: true,
    within: ['client'],
    why: 'the file store, and keyless verification by the Sigstore library',
  },
  sandbox: {
    folders: ['tools/sandbox/src'],
    workspace: 'tools/sandbox',
    packages: [SCHEMAS, WASM],
    external: [],
    node: true,
    within: ['sandbox/child'],
    why: 'starts the child that runs untrusted wasm; holds no token, opens no network',
  },
  'sandbox/child': {
    folders: ['tools/sandbox/src/child'],
    workspace: 'tools/sandbox',
    packages: [WASM],
    external: ['@bytecodealliance/jco-transpile/component', 'data:'],
    node: true,
    within: [],
    why: 'lives beside hostile code and runs the glue of components: no zod, the parent parses its answer',
  },
  publish: {
    folders: ['tools/publish/src'],
    workspace: 'tools/publish',
    packages: [SCHEMAS, WASM, ANALYSIS, ...CLIENT, CLIENT_NODE],
    external: ['@sigstore/sign', '@sigstore/bundle', '@sigstore/protobuf-specs', '@sigstore/verify'],
    node: true,
    within: [],
    why: 'the only code that signs; never instantiates wasm',
  },
  cli: {
    folders: ['tools/cli/src', 'tools/cli/bin'],
    workspace: 'tools/cli',
    packages: [SCHEMAS, WASM, ANALYSIS, ...CLIENT, CLIENT_NODE, '@plugmark/sandbox', '@plugmark/publish'],
    external: ['commander', 'yaml', '@octokit/request', '@clack/prompts'],
    node: true,
    within: [],
    why: 'argv, terminal, GitHub; wires the others together',
  },
  dev: {
    folders: ['tools/dev/src'],
    workspace: 'tools/dev',
    packages: [SCHEMAS, '@plugmark/client/trust', '@plugmark/client/sigstore'],
    external: [],
    node: true,
    within: [],
    why: 'private stand-ins for Sigstore, their own DER and no certificate library: strangers check what they issue; starts `plugmark` and `astro` as processes',
  },
  site: {
    folders: ['site/src'],
    workspace: 'site',
    packages: [SCHEMAS, WASM, ANALYSIS, ...CLIENT],
    external: ['astro', 'astro/*', 'astro:*', 'vite', 'standalone:*'],
    node: true,
    within: ['site/data', 'site/browser'],
    why: 'pages are made at build time from the built tree on disk',
  },
  'site/data': {
    folders: ['site/src/data', 'site/src/markup', 'site/src/markdown', 'site/src/content/rules'],
    workspace: 'site',
    packages: [SCHEMAS, WASM, ANALYSIS, ...CLIENT],
    external: [],
    node: false,
    within: [],
    why: 'what a page says and its markup, as plain values: the same while pages are built and in the visitor’s browser',
  },
  'site/browser': {
    folders: ['site/src/workers', 'site/src/scripts'],
    workspace: 'site',
    packages: [SCHEMAS, WASM, ANALYSIS, ...CLIENT],
    external: ['standalone:*'],
    node: false,
    within: ['site/data'],
    why: 'runs in the visitor’s browser; so does every <script> of a component',
  },
} as const satisfies ImportTable;

/** `pattern` is an exact specifier, or a prefix ending in `*`. */
export function matches(specifier: string, pattern: string): boolean {
  return pattern.endsWith('*') ? specifier.startsWith(pattern.slice(0, -1)) : specifier === pattern;
}

/** The table as Markdown, for ARCHITECTURE.md. */
export function renderImportTable(table: ImportTable): string {
  const rows = Object.entries(table).map(([name, zone]) => {
    const builtin = zone.node ? ['node:'] : [];
    const others = zone.within.map((other) => `${other} (relative)`);
    const allowed = [...zone.packages, ...zone.external, ...builtin].map((specifier) => `\`${specifier}\``);
    const folders = zone.folders.map((folder) => `\`${folder}\``).join(', ');
    return `| ${name} | ${folders} | ${[...others, ...allowed].join(', ') || 'nothing'} | ${zone.why} |`;
  });
  return ['| zone | folders | may import | why |', '|---|---|---|---|', ...rows, ''].join('\n');
}
