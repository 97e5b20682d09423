// All cases, in the order of the specification.

import type { Group } from './case.ts';
import { ARTIFACT_CASES } from './cases/artifacts.ts';
import { COSIGNATURE_CASES } from './cases/cosignature.ts';
import { DOCUMENT_CASES } from './cases/documents.ts';
import { KEYLESS_CASES } from './cases/keyless.ts';
import { ORIGIN_CASES } from './cases/origins.ts';
import { KEY_CASES } from './cases/publisher-keys.ts';
import { SERVED_CASES } from './cases/publisher-served.ts';
import { STATEMENT_CASES } from './cases/publisher-statements.ts';
import { RESOLVE_CASES } from './cases/resolve.ts';
import { STANDING_CASES } from './cases/standing.ts';
import { ONLINE_CASES } from './cases/tuf-online.ts';
import { ROOT_CASES } from './cases/tuf-root.ts';
import { TARGETS_CASES } from './cases/tuf-targets.ts';
import { wrongTypeCases } from './cases/wrong-types.ts';
import type { VectorRegistry } from './vector-registry.ts';

export const groups = (base: VectorRegistry): readonly Group[] => [
  { group: 'roots', cases: ROOT_CASES },
  { group: 'online', cases: ONLINE_CASES },
  { group: 'targets', cases: TARGETS_CASES },
  { group: 'documents', cases: DOCUMENT_CASES },
  { group: 'types', cases: wrongTypeCases(base) },
  { group: 'publisher', cases: [...KEY_CASES, ...STATEMENT_CASES, ...SERVED_CASES, ...ORIGIN_CASES] },
  { group: 'keyless', cases: KEYLESS_CASES },
  { group: 'cosignature', cases: COSIGNATURE_CASES },
  { group: 'standing', cases: STANDING_CASES },
  { group: 'resolve', cases: RESOLVE_CASES },
  { group: 'artifacts', cases: ARTIFACT_CASES },
];
