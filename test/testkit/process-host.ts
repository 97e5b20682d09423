// A host of process plugins for tests, with a capability that has a parameter.
import { HostProfile, parse } from '@plugmark/schemas';
import { CORE_HOST } from './host-profile.ts';

const { unsupportedFeatures, limits, conventions } = CORE_HOST;

export const PROCESS_HOST: HostProfile = parse(
  HostProfile,
  {
    schemaVersion: 1,
    host: 'bench',
    title: 'Bench',
    summary: 'A host for tests.',
    artifact: 'process',
    abi: 'process',
    apiVersions: ['1.0.0'],
    manifest: { file: 'plugin.json', fields: {} },
    conventions: { ...conventions, strings: 'json-lines' },
    exports: [],
    imports: [],
    componentImports: [],
    capabilities: [
      {
        id: 'network',
        class: 'network',
        risk: 'high',
        title: 'Use the network',
        can: 'send and receive anything',
        cannot: 'ask for the network',
        prominent: true,
        grant: 'explicit',
        params: [{ name: 'hosts', kind: 'hosts', title: 'Addresses', required: false }],
      },
      {
        id: 'events',
        class: 'data',
        risk: 'low',
        title: 'Post events',
        can: 'post events',
        cannot: 'post events',
        prominent: false,
        grant: 'auto',
        params: [],
      },
    ],
    bounds: [],
    limits,
    unsupportedFeatures,
    install: [],
  },
  'test/testkit/process-host.ts',
);
