// The example plugins and what their listings say. Presentation only: what is signed comes from each folder's manifest.

import type { Listing } from '@plugmark/schemas';

export interface Example {
  /** Below test/plugins. */
  readonly folder: string;
  readonly manifest: string;
  /** An installed npm package whose file is listed unchanged. */
  readonly npm?: { readonly name: string; readonly file: string };
  readonly listing: Pick<Listing, 'categories' | 'keywords' | 'links' | 'upstream'>;
}

const own = (folder: string, categories: string[], keywords: string[], manifest = 'plugin.yaml'): Example => ({
  folder,
  manifest,
  listing: { categories, keywords, links: {} },
});

const dprint = (name: string, keywords: string[]): Example => {
  const url = `https://github.com/dprint/dprint-plugin-${name}`;
  return {
    folder: `third-party/dprint-${name}`,
    manifest: 'plugin.yaml',
    npm: { name: `@dprint/${name}`, file: 'plugin.wasm' },
    listing: {
      categories: ['formatting'],
      keywords: ['formatter', 'dprint', ...keywords],
      links: { source: url, homepage: 'https://dprint.dev' },
      upstream: {
        title: `@dprint/${name}`,
        authors: 'the dprint project',
        url,
        license: 'MIT',
        notice: `The work of the dprint project, published by it on npm as @dprint/${name}. Listed here unchanged by an example publisher; the publisher's mark is not dprint's signature.`,
      },
    },
  };
};

export const EXAMPLES: readonly Example[] = [
  own(
    'spectral-entropy/1.0.0',
    ['eeg', 'spectral-analysis'],
    ['entropy', 'spectrum', 'complexity'],
    'ddalab-plugin.yaml',
  ),
  own(
    'spectral-entropy/1.1.0',
    ['eeg', 'spectral-analysis'],
    ['entropy', 'spectrum', 'complexity', 'band'],
    'ddalab-plugin.yaml',
  ),
  own('velocity-curve', ['midi'], ['velocity', 'keyboard', 'dynamics']),
  own('http-trigger', ['midi', 'automation'], ['http', 'webhook', 'lights']),
  own('layer-check', ['architecture'], ['dependencies', 'layers']),
  own('degree-centrality', ['code-graph'], ['centrality', 'graph', 'coupling']),
  own('plain-text', ['formatting'], ['white-space', 'text']),
  own('text-statistics', ['writing'], ['words', 'text', 'reading']),
  own(
    'permutation-entropy',
    ['eeg', 'complexity'],
    ['entropy', 'ordinal-patterns', 'complexity', 'rust'],
    'ddalab-plugin.yaml',
  ),
  own('scale-harmoniser', ['midi'], ['scale', 'chord', 'harmony', 'quantise', 'c']),
  own('source-imports', ['architecture'], ['dependencies', 'imports', 'typescript', 'rust']),
  own('dependency-cycles', ['code-graph'], ['cycles', 'graph', 'coupling', 'c']),
  dprint('json', ['json', 'jsonc']),
  dprint('typescript', ['typescript', 'javascript']),
  dprint('toml', ['toml']),
  dprint('dockerfile', ['docker']),
];
