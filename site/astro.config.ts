// The site is made from a built tree on disk and nothing else: PLUGMARK_TREE (the tree), PLUGMARK_PAGES (where the pages go),
// PLUGMARK_BASE (path they are served under), PLUGMARK_SITE (origin, optional). Pages load nothing from anywhere else. What Astro makes
// of it lacks the pages of plugins and publishers: src/bundle/build-site.ts runs it and writes those.

import { defineConfig } from 'astro/config';
import { sitePaths } from './src/bundle/site-paths.ts';
import { standaloneScripts } from './src/bundle/standalone-scripts.ts';

const { PLUGMARK_SITE } = process.env;
const { tree, pages, base } = sitePaths(process.env);

// Pages read the results, wherever Astro runs them from. They read no `import.meta.env`: a variable BASE_URL of the surroundings (Vitest
// sets one) would take the place of the real one.
process.env['PLUGMARK_BASE'] = base;
process.env['PLUGMARK_TREE'] = tree;
process.env['ASTRO_TELEMETRY_DISABLED'] = '1';

// Astro ignores `ssr.resolve.conditions` when it prerenders; each environment needs its own.
const SOURCE = ['@plugmark/source', 'module', 'browser', 'development|production', 'default'];
const SERVER = SOURCE.map((condition) => (condition === 'browser' ? 'node' : condition));

export default defineConfig({
  ...(PLUGMARK_SITE === undefined ? {} : { site: PLUGMARK_SITE }),
  base,
  outDir: pages,
  trailingSlash: 'always',
  // Several at once: while one page waits for the disk another is made.
  build: { format: 'directory', inlineStylesheets: 'never', assets: 'assets', concurrency: 8 },
  markdown: { syntaxHighlight: false },
  devToolbar: { enabled: false },
  security: {
    csp: {
      directives: [
        "default-src 'none'",
        "connect-src 'self'",
        "worker-src blob: 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ],
      scriptDirective: { resources: ["'self'"] },
      styleDirective: { resources: ["'self'"] },
    },
  },
  vite: {
    logLevel: 'warn',
    plugins: [standaloneScripts(SOURCE)],
    build: { assetsInlineLimit: 0 },
    environments: {
      client: { resolve: { conditions: SOURCE } },
      ssr: { resolve: { conditions: SERVER } },
      prerender: { resolve: { conditions: SERVER, noExternal: [/^@plugmark\//] } },
    },
  },
});
