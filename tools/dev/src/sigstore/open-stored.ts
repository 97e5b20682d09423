// The loopback Sigstore of this machine: keys, certificates and what was logged lie in an ignored folder and are used again.

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateServiceKey, KEY_KINDS, readServiceKeys, type ServiceName } from './keys.ts';
import { type LoopbackSigstore, openLoopbackSigstore } from './loopback-sigstore.ts';

export interface StoredSigstore {
  readonly sigstore: LoopbackSigstore;
  /** Since when the services exist. */
  readonly from: string;
  /** Whether they were made just now, so that nothing signed before is theirs. */
  readonly isNew: boolean;
  /** Writes what was logged. */
  close(): Promise<void>;
}

interface State {
  readonly from: string;
  readonly chains: { readonly fulcio: readonly string[]; readonly timestamps: readonly string[] };
  readonly logged: { readonly v1: readonly string[]; readonly v2: readonly string[] };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

export async function openStored(folder: string): Promise<StoredSigstore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pems = new Map<ServiceName, string>();
  for (const name of Object.keys(KEY_KINDS) as ServiceName[]) pems.set(name, await keyFile(folder, name));
  const keys = readServiceKeys((name) => pems.get(name) ?? '');
  const path = join(folder, 'state.json');
  const state = existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as State) : undefined;
  const now = (): Date => new Date();
  const from = state?.from ?? `${now().toISOString().slice(0, 19)}Z`;
  const sigstore = openLoopbackSigstore({
    keys,
    from: new Date(from),
    now,
    ...(state === undefined
      ? {}
      : {
          chains: { fulcio: state.chains.fulcio.map(fromBase64), timestamps: state.chains.timestamps.map(fromBase64) },
          logged: { v1: state.logged.v1.map(fromBase64), v2: state.logged.v2.map(fromBase64) },
        }),
  });
  const save = async (): Promise<void> => {
    const { chains, logs } = sigstore;
    const next: State = {
      from,
      chains: { fulcio: chains.fulcio.map(base64), timestamps: chains.timestamps.map(base64) },
      logged: { v1: logs.v1.bodies.map(base64), v2: logs.v2.bodies.map(base64) },
    };
    await writeFile(path, JSON.stringify(next), { mode: 0o600 });
  };
  // Certificates are signed anew each time they are made: the first ones must be those that are kept.
  await save();
  return { sigstore, from, isNew: state === undefined, close: save };
}

async function keyFile(folder: string, name: ServiceName): Promise<string> {
  const path = join(folder, `${name}.pem`);
  if (!existsSync(path)) await writeFile(path, generateServiceKey(name), { mode: 0o600, flag: 'wx' });
  return readFile(path, 'utf8');
}
