// The import objects of a component, made from the WIT of what it imports: every function counted and logged, refused when the profile
// says so, a trap when the sandbox has no behaviour for it. Resources are classes, as the generated glue expects them.

import type { WitItems } from '@plugmark/wasm';
import type { CallLog } from './call-log.ts';
import { camelCase } from './component-values.ts';
import { Fault, trapped } from './faults.ts';
import type { ImportRule } from './request.ts';

/** What a host object stands for; the glue never looks inside. */
const STATE = Symbol('state');

export interface Resources {
  make(name: string, state: unknown): object;
}

export type Behaviour = (values: readonly unknown[], resources: Resources) => unknown;

/** By interface without version, then by function as the WIT writes it. */
export type Behaviours = Readonly<Record<string, Readonly<Record<string, Behaviour>>>>;

export const stateOf = (resource: unknown): unknown =>
  (resource as { readonly [STATE]?: unknown } | undefined)?.[STATE];

interface Surroundings {
  readonly rules: readonly ImportRule[];
  readonly behaviours: Behaviours;
  readonly log: CallLog;
  readonly grants: ReadonlySet<string>;
}

class HostResources implements Resources {
  readonly #classes = new Map<string, { prototype: object }>();

  define(name: string): { prototype: Record<string, unknown> } {
    const known = this.#classes.get(name);
    if (known !== undefined) return known as { prototype: Record<string, unknown> };
    const made = class {};
    this.#classes.set(name, made);
    return made as unknown as { prototype: Record<string, unknown> };
  }

  replace(name: string, made: { prototype: object }): void {
    this.#classes.set(name, made);
  }

  make(name: string, state: unknown): object {
    const made = Object.create(this.define(name).prototype) as object;
    Object.defineProperty(made, STATE, { value: state });
    return made;
  }
}

/** @throws {Fault} linkError for a function that the profile does not know or forbids. */
export function componentImports(items: WitItems, surroundings: Surroundings): Record<string, Record<string, unknown>> {
  for (const { module, name, meaning } of surroundings.rules) {
    if (meaning !== undefined && meaning.as !== 'forbidden') continue;
    const reason = meaning === undefined ? 'the host does not provide it' : 'the host forbids it';
    throw new Fault('linkError', `${module}${name === '' ? '' : `#${name}`}: ${reason}`);
  }
  const resources = new HostResources();
  const imports: Record<string, Record<string, unknown>> = {};
  for (const { name, types, functions } of items.interfaces) {
    const bare = withoutVersion(name);
    const made: Record<string, unknown> = {};
    for (const type of types) {
      if (typeof type.type === 'object' && 'resource' in type.type)
        made[pascalCase(type.name)] = resources.define(type.name);
    }
    for (const each of functions)
      place({ made, resources, name: each.name }, actOf(bare, name, each.name, resources, surroundings));
    imports[bare] = made;
  }
  for (const { name } of items.functions) {
    imports[name] = { default: actOf('', '', name, resources, surroundings) };
  }
  return imports;
}

type Act = (...values: unknown[]) => unknown;

/** `[constructor]thing`, `[method]thing.read-it`, `[static]thing.make`, or a plain name. */
function place(
  { made, resources, name }: { made: Record<string, unknown>; resources: HostResources; name: string },
  act: Act,
): void {
  const [, kind, resource = '', method = ''] = /^\[(constructor|method|static)\]([^.]+)\.?(.*)$/.exec(name) ?? [];
  if (kind === undefined) made[camelCase(name)] = act;
  else if (kind === 'method') {
    resources.define(resource).prototype[camelCase(method)] = function (this: unknown, ...values: unknown[]): unknown {
      return act(this, ...values);
    };
  } else if (kind === 'static') {
    (resources.define(resource) as unknown as Record<string, unknown>)[camelCase(method)] = act;
  } else {
    const before = resources.define(resource);
    const constructed = (...values: unknown[]): unknown => act(...values);
    constructed.prototype = before.prototype;
    Object.assign(constructed, before);
    resources.replace(resource, constructed as unknown as { prototype: object });
    made[pascalCase(resource)] = constructed;
  }
}

function actOf(bare: string, full: string, name: string, resources: Resources, surroundings: Surroundings): Act {
  const { rules, behaviours, log, grants } = surroundings;
  const shown = bare === '' ? name : `${bare}#${name}`;
  const rule = rules.find((candidate) => candidate.module === full && candidate.name === name);
  const { meaning } = rule ?? {};
  const refused = meaning?.as === 'capability' && !grants.has(meaning.capability);
  const behave = refused ? undefined : behaviours[bare]?.[name];
  return (...values) => {
    log.enter(shown);
    let result: unknown;
    try {
      if (behave === undefined) {
        const reason = refused ? 'was not granted' : 'has no behaviour in the sandbox';
        // Remembered, because glue may wrap the error or the plugin catch it.
        throw log.stop(trapped('host-unavailable', `${shown} ${reason}`));
      }
      result = behave(values, resources);
      return result;
    } finally {
      log.note(shown, values.map(loggable), loggable(result));
    }
  };
}

const loggable = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && STATE in value ? 'resource' : value;

export const withoutVersion = (name: string): string => name.replace(/@.*$/, '');

function pascalCase(name: string): string {
  const camel = camelCase(name);
  return camel.slice(0, 1).toUpperCase() + camel.slice(1);
}
