// site/src/content/docs/client-api.md from the client's own types and docstrings. What the editor shows is what the page says. An export
// that no section takes stops the generator: a page with a corner for the rest is one that nobody reads.
import { fileURLToPath } from 'node:url';
import { CLIENT_ERROR_CODES, POLICY_RULES } from '@plugmark/client';
import { type Exported, type Member, readExports } from './read-exports.ts';

const SOURCES = fileURLToPath(new URL('../../tools/client/src', import.meta.url));

interface Section {
  readonly title: string;
  /** Entry point: the index below `src`. */
  readonly entry: string;
  readonly says: string;
  /** Prefixes of files whose exports it takes, in this order; without it, all that are in no section before. */
  readonly files?: readonly string[];
}

const MAIN = 'index.ts';

const SECTIONS: readonly Section[] = [
  {
    title: 'Manage plugins',
    entry: MAIN,
    says: '`openPlugins` is the whole of it: find, understand, agree, install, load, update, go back, audit. From `@plugmark/client`.',
    files: [
      'plugins/open-plugins',
      'plugins/plugins-options',
      'plugins/search',
      'plugins/plan',
      'plugins/install',
      'plugins/load',
      'plugins/restore',
      'plugins/outdated',
      'plugins/update',
      'plugins/trial',
      'plugins/reproduce',
      'plugins/manage',
      'plugins/audit',
      'plugins/evict',
      'plugins/run-log',
    ],
  },
  {
    title: 'Plugins of no registry',
    entry: MAIN,
    says: 'A repository on GitHub, an artifact of an OCI registry or a file, for those who accept them: never shown as signed, pinned by what they were when somebody agreed. What reads an OCI artifact is there alone too, for whoever fetches in another way.',
    files: ['sources/', 'plugins/direct-entry', 'plugins/inspect-port'],
  },
  {
    title: 'Consent and permissions',
    entry: MAIN,
    says: 'What a person is shown, and what an answer is. Nothing here decides or draws: a window, a page and a terminal get the same rows.',
    files: ['plugins/consent', 'plugins/permissions', 'plugins/capability-set'],
  },
  {
    title: 'Policy',
    entry: MAIN,
    says: 'What the host allows by itself, asks about, or refuses. The strictest rule that speaks counts.',
    files: ['plugins/policy'],
  },
  {
    title: 'Only find, verify and load',
    entry: MAIN,
    says: '`openRegistry` is the same chain without consent, lockfile and log, for hosts that keep these themselves.',
    files: ['open-registry', 'core', 'install-release', 'resolve', 'standing', 'semver'],
  },
  {
    title: 'Stores',
    entry: MAIN,
    says: 'Where everything is kept. Use one of these, or bring your own. No plugin may reach it.',
    files: ['store/', 'trust/trust-store'],
  },
  {
    title: 'Marks',
    entry: MAIN,
    says: 'The signatures of publishers and of the registry, for whoever checks one without installing. Of a signature there are four states, and only `verified` counts.',
    files: ['attestation', 'verify-release', 'publisher-signature', 'verified-bytes', 'trust/tuf-client'],
  },
  {
    title: 'Documents',
    entry: MAIN,
    says: 'What the signed files say, decoded: strictly, with unknown members refused. Their formats are the [schemas](schemas.md).',
    files: ['documents/'],
  },
  {
    title: 'Errors',
    entry: MAIN,
    says: 'One class, a closed set of codes. Decide on `code`, never on the message. Which step of the client throws which is in the [client specification](client-spec.md).',
    files: ['error'],
  },
  {
    title: '@plugmark/client/trust',
    entry: 'trust/index.ts',
    says: 'The trust core alone: TUF metadata, DSSE bundles signed by a key, in-toto statements. For whoever builds another client or checks one file.',
  },
  {
    title: '@plugmark/client/sigstore',
    entry: 'sigstore/index.ts',
    says: "Signatures through certificates, with WebCrypto alone. Load it when the first is met: `keyless: () => import('@plugmark/client/sigstore')`.",
  },
  {
    title: '@plugmark/client/node',
    entry: 'node/index.ts',
    says: 'For Node, Bun and Deno: a store in a folder, and the same check of certificates by the Sigstore project’s own library (`@sigstore/verify`, to be installed beside it).',
  },
];

interface Placed {
  readonly section: Section;
  readonly exports: readonly Exported[];
}

/** Throws when an export of the main entry has no section. */
export function placeExports(): Placed[] {
  const seen = new Set<string>();
  const placed = SECTIONS.map((section) => {
    const all = readExports(SOURCES, section.entry).filter(({ name, file }) => !seen.has(`${file} ${name}`));
    const { files = [''] } = section;
    const own = files.flatMap((prefix) => all.filter(({ file }) => file.startsWith(prefix)).sort(functionsFirst));
    for (const { name, file } of own) seen.add(`${file} ${name}`);
    return { section, exports: own };
  });
  const left = readExports(SOURCES, MAIN).filter(({ name, file }) => !seen.has(`${file} ${name}`));
  if (left.length > 0)
    throw new Error(`in no section of the client's page: ${left.map(({ name }) => name).join(', ')}`);
  return placed;
}

/** What is called, then what has methods, then plain data. */
const functionsFirst = (a: Exported, b: Exported): number => weight(b) - weight(a) || a.start - b.start;
const weight = ({ kind, members }: Exported): number =>
  kind === 'function' ? 2 : Number(members.some(({ isMethod }) => isMethod) || kind === 'class');

export function renderClientApi(): string {
  const placed = placeExports();
  const names = new Set(placed.flatMap(({ exports }) => exports.map(({ name }) => name)));
  const tables: Tables = new Map([
    ['CLIENT_ERROR_CODES', () => codeTable(throwersOf(placed.flatMap(({ exports }) => exports)))],
    ['POLICY_RULES', () => policyTable()],
  ]);
  const parts = placed.flatMap(({ section: { title, says }, exports }) => [
    `## ${title}`,
    linked(says),
    ...exports.flatMap((exported) => render(exported, names, tables)),
  ]);
  return `${[
    '# Client API',
    'Every export of `@plugmark/client`, with its shape and the codes it throws. Made from the types and comments of the client; an editor shows the same. Where to begin: [Embed the client](embed.md).',
    'Times are instants (`2026-06-01T12:00:00Z`, or a `Date` where the type says so), digests are 64 lower-case hexadecimal digits of SHA-256, sizes are bytes, and a plugin is named `publisher/name`. All data is readonly, also where a table leaves the word out. Whatever a promise rejects with on purpose is a [ClientError](#clienterror).',
    ...parts,
  ].join('\n\n')}\n`;
}

/** Constants whose content is what one looks for. */
type Tables = ReadonlyMap<string, () => string>;

function render(exported: Exported, names: ReadonlySet<string>, tables: Tables): string[] {
  const { name, kind, doc = '', signature, members } = exported;
  const table = tables.get(name)?.() ?? memberTable(members, names);
  const isShown = kind === 'interface' || tables.has(name);
  return [
    `### ${name}`,
    ...(doc === '' ? [] : [linked(doc)]),
    ...(isShown ? [] : [`\`\`\`ts\n${signature}\n\`\`\``]),
    ...(table === '' ? [] : [table]),
  ];
}

/** By code, the functions and methods whose comments name it. */
export function throwersOf(exports: readonly Exported[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const note = (name: string, doc = ''): void => {
    for (const word of new Set(doc.match(CODE_WORD)))
      for (const code of codesNamed(word)) found.set(code, [...(found.get(code) ?? []), name]);
  };
  for (const { name, kind, doc, members } of exports) {
    if (kind === 'function' || kind === 'interface') note(name, doc);
    for (const member of members) if (member.isMethod) note(`${name}.${member.name}`, member.doc);
  }
  return found;
}

function codeTable(throwers: ReadonlyMap<string, readonly string[]>): string {
  const lines = Object.entries(CLIENT_ERROR_CODES).map(([code, says]) => {
    const by = [...new Set(throwers.get(code))].map((name) => `[\`${name}\`](#${name.split('.')[0]?.toLowerCase()})`);
    return `| \`${code}\` | ${cell(says)} | ${by.join(', ')} |`;
  });
  return ['| code | means | named by |', '|---|---|---|', ...lines].join('\n');
}

function policyTable(): string {
  const lines = Object.entries(POLICY_RULES).map(([rule, says]) => `| \`${rule}\` | ${cell(says)} |`);
  return ['| rule | is about |', '|---|---|', ...lines].join('\n');
}

/** Members that mean the same wherever they are, and need no comment there. */
const USUAL: ReadonlyMap<string, string> = new Map(
  Object.entries({
    plugin: '`publisher/name`.',
    version: 'SemVer 2.0.',
    sha256: 'Of the artifact.',
    size: 'Of the artifact, in bytes.',
    host: 'Id of the host.',
    registry: 'The registry’s name for itself, never an address.',
    title: 'For people, one line.',
    summary: 'For people, one line.',
    capabilityHash: 'SHA-256 of the canonical capability set; consent is bound to it.',
    levels: 'What the registry’s co-signature vouches for.',
    excluded: 'Every other version and why it was not taken.',
    grants: 'Capabilities that were granted.',
    from: 'From when it counts.',
    to: 'Until when it counts; without it, still.',
    identities: 'Who may sign.',
  }),
);

function memberTable(members: readonly Member[], names: ReadonlySet<string>): string {
  if (members.length === 0) return '';
  const lines = members.map(({ name, optional, type, isMethod, doc = USUAL.get(name) ?? '' }) => {
    const [call, result] = isMethod ? splitCall(type) : ['', optional ? type.replace(/ \| undefined$/, '') : type];
    return `| \`${name}${isMethod ? cell(call.replace(/\breadonly /g, '')) : optional ? '?' : ''}\` | ${typeCell(result, names)} | ${cell(linked(doc))} |`;
  });
  return ['| member | type | what |', '|---|---|---|', ...lines].join('\n');
}

/** `(a: A): B` into its two halves; parentheses may be nested. */
function splitCall(type: string): [string, string] {
  let depth = 0;
  for (let at = 0; at < type.length; at++) {
    if (type[at] === '(') depth += 1;
    if (type[at] === ')' && --depth === 0) return [type.slice(0, at + 1), type.slice(at + 1).replace(/^: /, '')];
  }
  return [type, ''];
}

/** A link where the type is about one documented name. */
function typeCell(type: string, names: ReadonlySet<string>): string {
  if (type === '') return '';
  const code = `\`${cell(type.replace(/\breadonly /g, ''))}\``;
  const mentioned = [...new Set(type.match(/[A-Za-z]\w*/g))].filter((word) => names.has(word));
  // Brackets cannot stand in the words of a link.
  return mentioned.length === 1 && !/[[\]]/.test(type) ? `[${code}](#${mentioned[0]?.toLowerCase()})` : code;
}

const cell = (text: string): string => text.replace(/\s*\n\s*/g, ' ').replace(/\|/g, '\\|');

/** A code, or several: `METADATA_*`. */
const CODE_WORD = /\b[A-Z]{2,}(?:_[A-Z]+)*(?:_\*)?(?![\w-])/g;

function codesNamed(word: string): string[] {
  const codes = Object.keys(CLIENT_ERROR_CODES);
  return codes.filter((code) => (word.endsWith('_*') ? code.startsWith(word.slice(0, -1)) : code === word));
}

/** Codes of errors as links to their table; what is code already stays as it is. */
function linked(text: string): string {
  const link = (word: string): string => (codesNamed(word).length > 0 ? `[\`${word}\`](#client_error_codes)` : word);
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(CODE_WORD, link)))
    .join('');
}
