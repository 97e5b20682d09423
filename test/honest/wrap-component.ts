import { readFileSync } from 'node:fs';
import { componentEmbed, componentNew } from '@bytecodealliance/jco-transpile/wasm-tools';

const HOST = new URL('../../registry/hosts/parseltongue.json', import.meta.url);

/** Parseltongue's world, as its profile has it. */
export function parseltongueWit(): string {
  return (JSON.parse(readFileSync(HOST, 'utf8')) as { world: { wit: string } }).world.wit;
}

/** A core module made a component by the reference tools. */
export async function wrapComponent(
  binary: Uint8Array,
  witSource: string = parseltongueWit(),
  adapters: [string, Uint8Array][] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const embedded = await componentEmbed({ binary, witSource, world: 'plugin', stringEncoding: 'utf8' });
  return Uint8Array.from(await componentNew(embedded, adapters));
}
