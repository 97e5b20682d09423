// The shapes most cases have: a first visit, or one by a client that knows the honest registry, to a registry with one change.
import type { ClientErrorCode } from '@plugmark/client';
import { type Arguments, type ClientCase, INIT, REFRESH, type Step } from '../case.ts';
import type { Json, VectorRegistry } from '../vector-registry.ts';

type Change = (registry: VectorRegistry) => unknown;
type Case = Omit<ClientCase, 'steps'>;

/** What the honest registry gives for acme/thing. */
export const THING = { plugin: 'acme/thing', version: '1.2.0', tier: 'verified', state: 'active' };

interface Visit {
  readonly change?: Change;
  readonly code?: ClientErrorCode;
  readonly expect?: Step['expect'];
  readonly now?: string;
  readonly action?: Step['action'];
  readonly ask?: Arguments;
  /** The change needs the other plugins. */
  readonly keepsAll?: true;
}

function last({ change, code, expect, now, action, ask = {} }: Visit): Step {
  const kind = action ?? (ask.request === undefined ? 'refresh' : 'verify');
  return {
    action: kind,
    ...ask,
    ...(change ? { change } : {}),
    ...(now === undefined ? {} : { now }),
    ...(code === undefined ? { expect: expect ?? {} } : { code }),
  };
}

/** The client has never been there. With a change the registry lists no other plugin than the one asked for, unless it must. */
export const first = ({ name, why, clauses, requires, ...visit }: Case & Visit): ClientCase => ({
  name,
  why,
  clauses,
  ...(requires ? { requires } : {}),
  steps: [
    INIT,
    last({ ...visit, ...(visit.change && !visit.keepsAll ? { change: alone(visit.change, visit.ask) } : {}) }),
  ],
});

const alone =
  (change: Change, ask: Arguments | undefined): Change =>
  (registry) => {
    const [plugin] = ask?.request?.split('@') ?? [];
    if (plugin !== undefined) keepOnly(registry, plugin);
    return change(registry);
  };

/** The client has refreshed before, from the honest registry. */
export const known = ({ name, why, clauses, requires, ...visit }: Case & Visit): ClientCase => ({
  name,
  why,
  clauses,
  ...(requires ? { requires } : {}),
  steps: [INIT, REFRESH, last(visit)],
});

/** `change`, then everything that it touches is signed anew. */
export const published =
  (change: Change): Change =>
  (registry) => {
    change(registry);
    registry.publish();
  };

/** Changes the document of a plugin and publishes it. */
export const document = (plugin: string, change: (document: Json) => unknown): Change =>
  published((registry) => change(registry.plugin(plugin)));

/** The registry with one plugin, so that what a case has to sign and list is small. */
export function keepOnly(registry: VectorRegistry, plugin: string): void {
  const kept = `plugins/${plugin}.json`;
  for (const [path, { role }] of registry.documents)
    if (role === 'documents' && path !== kept) {
      registry.documents.delete(path);
      delete registry.role('documents').targets[path];
    }
}

/** Changes a document that is no plugin's and publishes it. */
export const offline = (path: string, change: (document: Json) => unknown): Change =>
  published((registry) => change(registry.document(path)));
