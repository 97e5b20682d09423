// The page's side of the conformance run: the client, with a store that Node keeps for it.
import { fromBase64, type TrustStore, toBase64 } from '@plugmark/client/trust';
import { runTufCommand, type TufCommand } from './tuf-command.ts';

interface Exposed {
  storeGet(name: string): Promise<string | undefined>;
  storePut(name: string, content: string): Promise<void>;
  storeDelete(name: string): Promise<void>;
  save(name: string, content: string): Promise<void>;
}

const node = globalThis as unknown as Exposed;
const decode = (content: string): Uint8Array => fromBase64(content) ?? new Uint8Array();

const store: TrustStore = {
  async get(name) {
    const content = await node.storeGet(name);
    // Playwright passes undefined as null.
    return content == null ? undefined : decode(content);
  },
  put: (name, bytes) => node.storePut(name, toBase64(bytes)),
  delete: (name) => node.storeDelete(name),
};

/** What went wrong, or undefined. */
async function runInPage(command: TufCommand & { readonly now: string }, root: string): Promise<string | undefined> {
  try {
    await runTufCommand(
      { ...command, now: new Date(command.now) },
      { root: decode(root), store, save: (name, bytes) => node.save(name, toBase64(bytes)) },
    );
    return undefined;
  } catch (error) {
    return String(error);
  }
}

Object.assign(globalThis, { runInPage });
