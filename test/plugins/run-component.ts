// Runs an example component on a vector through jco's glue code. Like run-vector.ts it is for our own plugins alone: the glue is
// generated from the component and has all the rights of this process.

import { $init, generate } from '@bytecodealliance/jco-transpile/component';
import type { z } from 'zod/mini';
import type { Vector } from '../../schemas/src/vector.ts';

type Value = z.core.util.JSONType;
type Instance = Record<string, Record<string, (...values: unknown[]) => unknown>>;
type Instantiate = (core: (name: string) => Promise<WebAssembly.Module>, imports: object) => Promise<Instance>;

/** The output of each call: a record as an object with the names of the WIT. `entry` is the function's name. */
export async function runComponent(bytes: Uint8Array, vector: Vector): Promise<Value[]> {
  const instance = await instantiate(bytes);
  return vector.calls.map(({ entry, input }) => {
    const found = Object.values(instance).find((exported) => camelCase(entry) in exported)?.[camelCase(entry)];
    if (found === undefined) throw new Error(`the component does not export ${entry}`);
    const values = input !== undefined && 'json' in input ? (input.json as Value[]) : [];
    return rename(found(...values.map((value) => rename(value, camelCase))), kebabCase);
  });
}

async function instantiate(bytes: Uint8Array): Promise<Instance> {
  await $init;
  const { files } = generate(bytes, { name: 'plugin', instantiation: { tag: 'async' }, noTypescript: true });
  const fileNamed = (name: string): Uint8Array<ArrayBuffer> => {
    const found = files.find(([path]) => path === name);
    if (found === undefined) throw new Error(`jco made no ${name}`);
    return Uint8Array.from(found[1]);
  };
  const glue = Buffer.from(fileNamed('plugin.js')).toString('base64');
  const module = (await import(/* @vite-ignore */ `data:text/javascript;base64,${glue}`)) as { instantiate: Instantiate };
  return module.instantiate((name) => WebAssembly.compile(fileNamed(name)), {});
}

/** A copy of a JSON value with every member name changed. */
function rename(value: unknown, change: (name: string) => string): Value {
  if (Array.isArray(value)) return value.map((item) => rename(item, change));
  if (typeof value !== 'object' || value === null) return value as Value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [change(name), rename(member, change)]));
}

const camelCase = (name: string): string => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const kebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
