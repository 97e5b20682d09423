// A component through its glue: core modules that the parent metered, one budget over all of them, import objects made from its WIT.
// The glue is generated from an untrusted file and has every right this process has, which is why it has none.

import type { WitFunction, WitInterface, WitType } from '@plugmark/wasm';
import { COMPONENT_HOSTS } from './abis.ts';
import { componentImports, withoutVersion } from './component-imports.ts';
import { camelCase, fromGuest, type Names, namesIn, toGuest } from './component-values.ts';
import { Fault, trapped } from './faults.ts';
import { encode } from './guest.ts';
import { isPlain } from './read-json.ts';
import type { ChildRequest, ComponentParts, Json } from './request.ts';
import type { Start, Started, Surroundings } from './run-vector.ts';
import { VirtualFiles } from './virtual-files.ts';
import { wasiPreview2 } from './wasi-preview2.ts';
import { payloadBytes, payloadValue, type World } from './world.ts';

type Instance = Readonly<Record<string, unknown>>;
type Instantiate = (
  core: (name: string) => WebAssembly.Module,
  imports: object,
  instantiateCore: (module: WebAssembly.Module, imports?: WebAssembly.Imports) => WebAssembly.Instance,
) => Promise<Instance> | Instance;

export function componentStarter(
  request: ChildRequest,
  { glue, modules }: { readonly glue: Uint8Array; readonly modules: readonly Uint8Array<ArrayBuffer>[] },
): Start {
  const { component } = request;
  if (component === undefined) throw new Fault('crash', 'a request for a component without its parts');
  const compiled = new Map<string, WebAssembly.Module>();
  const core = (name: string): WebAssembly.Module => {
    const index = component.modules.findIndex((module) => module.name === name);
    const bytes = modules[index];
    if (bytes === undefined) throw new Fault('linkError', `the component has no part ${name.slice(0, 60)}`);
    const module = compiled.get(name) ?? new WebAssembly.Module(bytes);
    compiled.set(name, module);
    return module;
  };
  return async (surroundings) => {
    const code = Buffer.from(glue).toString('base64');
    const { instantiate } = (await import(`data:text/javascript;base64,${code}`)) as { instantiate: Instantiate };
    return startComponent(component, { instantiate, core, surroundings });
  };
}

async function startComponent(
  component: ComponentParts,
  how: {
    readonly instantiate: Instantiate;
    readonly core: (name: string) => WebAssembly.Module;
    readonly surroundings: Surroundings;
  },
): Promise<Started> {
  const { request, world, log, gauges } = how.surroundings;
  const imports = componentImports(component.world.imports, {
    rules: request.imports,
    behaviours: { ...wasiPreview2({ world, folder: folderOf(how.surroundings) }), ...COMPONENT_HOSTS(world) },
    log,
    grants: world.grants,
  });
  const names = new Map<WebAssembly.Module, string>();
  const instance = await how.instantiate(
    (name) => {
      const module = how.core(name);
      names.set(module, name);
      return module;
    },
    imports,
    (module, needed) => {
      const { exports } = new WebAssembly.Instance(module, needed);
      const meter = component.modules.find(({ name }) => name === names.get(module))?.meter;
      if (meter !== undefined) gauges.add(exports, meter);
      if (meter?.state.start !== undefined) (exports[meter.state.start] as () => void)();
      return { exports };
    },
  );
  return {
    call: ({ entry, input }) => {
      const { act, type, scope } = findExport(instance, component, entry);
      const given = payloadValue(input) ?? [];
      if (!Array.isArray(given))
        throw trapped('bad-answer', 'the input of a component’s function is a list of arguments');
      const values = type.params.map((parameter, i) => toGuest(given[i], parameter.type, scope));
      return bounded(
        returned(() => act(...values), type.result, scope),
        world,
      );
    },
  };
}

/** `interface#function`, or the function alone when only one interface has it. */
function findExport(
  instance: Instance,
  { world }: ComponentParts,
  entry: string,
): { readonly act: (...values: unknown[]) => unknown; readonly type: WitFunction; readonly scope: Names } {
  const [before, after] = entry.split('#');
  const [wanted, name = ''] = after === undefined ? [undefined, before] : [before, after];
  const { interfaces, functions } = world.exports;
  const all: readonly WitInterface[] = [...interfaces, ...world.imports.interfaces];
  for (const each of interfaces) {
    if (wanted !== undefined && wanted !== each.name && wanted !== withoutVersion(each.name)) continue;
    const type = each.functions.find((candidate) => candidate.name === name);
    const found = (instance[each.name] as Record<string, unknown> | undefined)?.[camelCase(name)];
    if (type !== undefined && typeof found === 'function')
      return { act: found as never, type, scope: namesIn(each, all) };
  }
  const type = wanted === undefined ? functions.find((candidate) => candidate.name === name) : undefined;
  const found = instance[camelCase(name)];
  if (type === undefined || typeof found !== 'function')
    throw trapped('no-entry', `the component does not export ${entry}`);
  const own = { name: '', types: world.exports.types ?? world.imports.types ?? [], functions: [] };
  return { act: found as never, type, scope: namesIn(own, all) };
}

/** The glue returns the good side of a result and throws the other as an error with a payload. */
function returned(act: () => unknown, type: WitType | undefined, scope: Names): Json {
  const isResult = typeof type === 'object' && 'result' in type;
  if (!isResult) return fromGuest(act(), type, scope);
  try {
    return { ok: fromGuest(act(), type.result.ok, scope) };
  } catch (error) {
    if (typeof error !== 'object' || error === null || !Object.hasOwn(error, 'payload')) throw error;
    return { err: fromGuest((error as { readonly payload: unknown }).payload, type.result.err, scope) };
  }
}

function bounded(output: Json, world: World): Json {
  if (!isPlain(output)) throw trapped('bad-answer', 'an answer that has no JSON form');
  const { length } = encode(JSON.stringify(output));
  if (length <= world.outputBytes) return output;
  throw world.log.stop(new Fault('outputLimit', `an answer of ${length} bytes; the host takes ${world.outputBytes}`));
}

/** See start-core.ts: any granted capability of the class `filesystem` opens it. */
function folderOf({
  request,
  world,
}: Surroundings): { readonly files: VirtualFiles; readonly writable: boolean } | undefined {
  const granted = request.capabilities.some(({ id, class: of }) => of === 'filesystem' && world.grants.has(id));
  if (!granted) return undefined;
  const files = (world.vector.files ?? []).map(({ path, content }) => ({ path, bytes: payloadBytes(content) }));
  const { writingCapability } = request;
  const writable = writingCapability !== undefined && world.grants.has(writingCapability);
  return { files: new VirtualFiles(files, request.limits.memoryBytes), writable };
}
