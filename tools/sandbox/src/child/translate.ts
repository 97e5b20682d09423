// A component as core modules and the glue between them. This runs over an untrusted file and what it makes is as untrusted, so it
// happens in a child of its own, and the parent only carries its answer into others.

import { $init, generate } from '@bytecodealliance/jco-transpile/component';

export interface Translation {
  readonly glue: Uint8Array;
  readonly modules: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

const NAME = 'plugin';

export async function translate(component: Uint8Array): Promise<Translation> {
  await $init;
  const { files } = generate(component, {
    name: NAME,
    instantiation: { tag: 'async' },
    noTypescript: true,
    noNodejsCompat: true,
    noNamespacedExports: false,
  });
  const glue = files.find(([name]) => name === `${NAME}.js`)?.[1] ?? new Uint8Array();
  const modules = files.flatMap(([name, bytes]) => (name.endsWith('.wasm') ? [{ name, bytes }] : []));
  return { glue, modules };
}
