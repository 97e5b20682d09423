import { CAPABILITY_CLASSES, type HostProfile } from '@plugmark/schemas';
import { GRANT_WORDS } from './grant-words.ts';
import { isProminent } from './permission-rows.ts';
import { sayBytes, sayCount, sayMilliseconds } from './say-numbers.ts';

export interface HostPage {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly url?: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly capabilities: readonly {
    readonly id: string;
    readonly title: string;
    readonly className: string;
    readonly risk: string;
    readonly can: string;
    readonly grant: string;
    readonly prominent: boolean;
  }[];
}

const ARTIFACTS: Readonly<Record<HostProfile['artifact'], string>> = {
  core: 'WebAssembly core modules',
  component: 'WebAssembly components',
  process: 'programs that run as processes of their own',
};

export function hostPage(host: HostProfile): HostPage {
  const { limits } = host;
  return {
    id: host.host,
    title: host.title,
    summary: host.summary,
    ...(host.url === undefined ? {} : { url: host.url }),
    facts: [
      { name: 'Runs', value: ARTIFACTS[host.artifact] },
      { name: 'Plugin API', value: host.apiVersions.join(', ') },
      { name: 'Manifest', value: host.manifest.file },
      { name: 'File', value: `at most ${sayBytes(limits.artifactBytes)}` },
      { name: 'Memory', value: `at most ${sayBytes(limits.memoryBytes)}` },
      {
        name: 'Instructions for a call',
        value: limits.fuel === undefined ? 'no budget of its own' : `at most ${sayCount(limits.fuel)}`,
      },
      { name: 'Time for a call', value: `at most ${sayMilliseconds(limits.callMilliseconds)}` },
    ],
    capabilities: host.capabilities.map((capability) => ({
      id: capability.id,
      title: capability.title,
      className: CAPABILITY_CLASSES[capability.class].title,
      risk: capability.risk,
      can: capability.can,
      grant: GRANT_WORDS[capability.grant],
      prominent: isProminent(capability),
    })),
  };
}
