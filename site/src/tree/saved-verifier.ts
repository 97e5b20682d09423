// verify.html: the desk of /verify/ as one file to keep, with the registry's root in it. Its policy names the one script and the one
// style it has by their hashes, so nothing else can run in it, wherever it lies.

import { createHash } from 'node:crypto';
import script from 'standalone:scripts/verify-page';
import { escapeHtml } from '../markdown/escape-html.ts';
import { toHtml } from '../markup/to-html.ts';
import { verifyDesk } from '../markup/verify-desk.ts';
import desk from '../styles/desk.css?inline';
import icons from '../styles/icons.css?inline';
import ledger from '../styles/ledger.css?inline';
import office from '../styles/office.css?inline';
import plugin from '../styles/plugin.css?inline';
import tokens from '../styles/tokens.css?inline';
import { dataBlock } from './data-block.ts';
import { verifyData } from './verify-data.ts';

const STYLE = [tokens, office, ledger, icons, plugin, desk].join('\n');

export function savedVerifier(): string {
  const { title, url, root, rootSha256 } = verifyData();
  const code = script.replace(/<\/script/gi, '<\\/script');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(code)}'`,
    `style-src '${hashOf(STYLE)}'`,
    'connect-src https: http://127.0.0.1:* http://localhost:*',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const form = verifyDesk({ base: '', registry: { title, url }, rootSays: rootSays(rootSha256) });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Verify · ${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="masthead"><div class="wrap"><span class="name">${escapeHtml(title)}: the saved verifier</span></div></header>
<main class="wrap">
<h1>Verify</h1>
<p class="lede">A file you keep, so that the registry cannot change what checks it. It fetches from the registry you name, verifies here, and has the root of ${escapeHtml(title)} in it.</p>
${toHtml(form)}
</main>
<script type="application/json" id="registry-data">${dataBlock({ url, root, isSaved: true })}</script>
<script>${code}</script>
</body>
</html>
`;
}

const rootSays = (sha256: string): string =>
  `Without one: the root this file was saved with, SHA-256 ${sha256}. It is for the registry it came from and no other.`;

/** As policies write them. */
const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

export const savedVerifierDigest = (): string => createHash('sha256').update(savedVerifier()).digest('hex');
