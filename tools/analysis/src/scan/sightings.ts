// The table of what is looked for in data: a word that the search finds, and a look at the place that decides. A new row needs a
// rule of the same name, a vector and a neighbour.

import type { RuleName } from '../rules.ts';
import { type Automaton, automatonOf } from './automaton.ts';
import type { Look } from './look.ts';
import { lookAtIpAddress, lookAtOnion, lookAtSocket, lookAtUrl } from './look-at-addresses.ts';
import { ARCHIVES, PROGRAM_FILES, WASM_FILES } from './look-at-files.ts';
import { SECRETS } from './look-at-secrets.ts';
import { lookAtCall, lookAtFolder, lookAtPackage, lookAtWord } from './look-at-text.ts';

export interface Row {
  readonly word: string;
  readonly look: Look;
  readonly ruleId: RuleName;
}

const rows = (ruleId: RuleName, looked: readonly Omit<Row, 'ruleId'>[]): Row[] =>
  looked.map((row) => ({ ...row, ruleId }));
const words = (ruleId: RuleName, list: readonly string[], look: Look): Row[] =>
  list.map((word) => ({ word, look, ruleId }));

/** Pools and miners that browsers were made to run, and the protocol that they speak. */
const MINING = [
  'stratum+tcp',
  'stratum+ssl',
  'xmrig',
  'cryptonight',
  'coinhive',
  'coin-hive',
  'cryptoloot',
  'minexmr',
  'supportxmr',
  'moneroocean',
  'nanopool',
  'nicehash',
  '2miners',
];

/** Emscripten's own home folder, the same in every file it makes. */
const NOBODY = ['web_user', 'user/'];

export const ROWS: readonly Row[] = [
  ...rows('strings.secret', SECRETS),
  ...words('strings.mining', MINING, lookAtWord),
  ...words('strings.onion', ['.onion'], lookAtOnion),
  ...words('strings.socket', ['ws://', 'wss://'], lookAtSocket),
  ...words('strings.url', ['http://', 'https://'], lookAtUrl),
  ...words('strings.ip-address', ['0.0'], lookAtIpAddress),
  ...rows(
    'strings.build-path',
    ['/Users/', '/builds/', '/github/workspace/', 'C:\\Users\\'].map((word) => ({ word, look: lookAtFolder(word) })),
  ),
  ...rows('strings.build-path', [{ word: '/home/', look: lookAtFolder('/home/', NOBODY) }]),
  ...words('strings.dependency-path', ['cargo/registry/', '/go/pkg/mod/'], lookAtPackage),
  ...words('strings.shell', ['/bin/sh', '/bin/bash', 'powershell', 'cmd.exe'], lookAtWord),
  ...words('strings.script', ['eval(', 'new Function(', '<script'], lookAtCall),
  ...rows('embedded.wasm', WASM_FILES),
  ...rows('embedded.program', PROGRAM_FILES),
  ...rows('embedded.archive', ARCHIVES),
];

export const AUTOMATON: Automaton = automatonOf(ROWS.map(({ word }) => word));
