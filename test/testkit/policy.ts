import { type Policy, Policy as PolicySchema, parse } from '@plugmark/schemas';

/** A policy for tests: what every honest release can reach is required. */
export const TEST_POLICY: Policy = parse(
  PolicySchema,
  {
    schemaVersion: 1,
    revision: 1,
    waits: {
      newPublisherMinutes: 60,
      newPluginMinutes: 60,
      updateMinutes: 5,
      noIndexDays: 0,
      stalePullRequestDays: 30,
      closePullRequestDays: 60,
    },
    limits: {
      artifactBytes: 16_777_216,
      readmeBytes: 262_144,
      vectorBytes: 262_144,
      vectors: 100,
      changedFiles: 200,
      openPullRequests: 10,
      analysisSeconds: 60,
    },
    thresholds: { nameDistance: 1, auditShare: 0.1, survivingShare: 0.5, quarantineDays: 7, determinismRuns: 3 },
    required: [
      'artifact-digest',
      'wasm-valid',
      'artifact-kind',
      'target',
      'imports-known',
      'capabilities-declared',
      'publisher-signature',
    ],
    rules: {},
    sandbox: { requiredLayers: [] },
    client: { minimumReleaseAgeMinutes: 0, maxRevocationAgeHours: 72 },
    reasons: {},
  },
  'test/testkit/policy.ts',
);
