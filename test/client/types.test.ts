// What the schemas say a document is can be used where the client's types are asked for. Checked by the compiler; maps (a Map in
// the client) and the release (kept beside its JSON) are compared by their members.
import type * as client from '@plugmark/client';
import type * as schemas from '@plugmark/schemas';
import { expect, test } from 'vitest';

/** Fails to compile when `From` cannot stand where `To` is asked for. */
type Fits<From extends To, To> = [From, To] extends [never, never] ? false : true;

type Entry<T> = T extends ReadonlyMap<string, infer V> ? V : T extends Record<string, infer V> ? V : never;
type Listed<T extends { publishers: unknown }> = Entry<T['publishers']>;

const CHECKED: readonly true[] = [
  true satisfies Fits<schemas.Upstreams, client.Upstreams>,
  true satisfies Fits<schemas.CosignKeys, client.CosignKeys>,
  true satisfies Fits<schemas.Revocations, client.Revocations>,
  true satisfies Fits<Listed<schemas.VerifiedPublishers>, Listed<client.VerifiedPublishers>>,
  true satisfies Fits<
    Omit<schemas.Release, 'capabilities' | 'dependencies'>,
    Omit<client.Release, 'capabilities' | 'dependencies'>
  >,
  true satisfies Fits<Entry<schemas.Release['dependencies']>, Entry<client.Release['dependencies']>>,
  true satisfies Fits<Omit<schemas.PackageDocument, 'releases'>, Omit<client.PackageDocument, 'releases'>>,
  true satisfies Fits<
    Omit<schemas.DocumentRelease, 'release' | 'analysis'>,
    Omit<client.DocumentRelease, 'release' | 'analysis'>
  >,
  true satisfies Fits<Omit<schemas.AnalysisSummary, 'capabilities'>, Omit<client.AnalysisSummary, 'capabilities'>>,
  true satisfies Fits<Omit<schemas.CapabilityFacts, 'declared'>, Omit<client.CapabilityFacts, 'declared'>>,
];

test('the compiler compared the types', () => {
  expect(CHECKED).not.toContain(false);
});
