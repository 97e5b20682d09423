// READMEs come from publishers, so from anybody. Whatever they hold, the HTML may contain only the elements the renderer writes.

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderMarkdown } from '../../site/src/markdown/render-markdown.ts';

const ELEMENT =
  /^<(?:\/?(?:p|h[3-6]|ul|ol|li|pre|code|em|strong|blockquote|table|thead|tbody|tr|th|td|hr|a)|h[3-6] id="readme-[^"<>]*"|a href="#readme-[^"<>]*"|a href="https?:\/\/[^"<>]*" rel="nofollow noopener")>/;

/** What is left that is no text and no element of ours; undefined when there is nothing. */
function foreign(html: string): string | undefined {
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    if (!ELEMENT.test(html.slice(at, at + 5000))) return html.slice(at, at + 80);
  }
  return undefined;
}

test.each([
  ['script', '<script>alert(1)</script>', '<p>alert(1)</p>'],
  ['image with a handler', 'a <img src=x onerror=alert(1)> b', '<p>a  b</p>'],
  ['unclosed tag', '<img src=x onerror="alert(1)"', '<p>&lt;img src=x onerror="alert(1)"</p>'],
  ['comment', 'a<!-- <b> -->b', '<p>ab</p>'],
  ['script address', '[x](javascript:alert)', '<p>x</p>'],
  ['data address', '[x](data:text/html,x)', '<p>x</p>'],
  ['relative address', '[x](../../v1/index.json)', '<p>x</p>'],
  ['address with a name', '[x](https://github.com@evil.example/)', '<p>x</p>'],
  [
    'quote in an address',
    '[x](https://a.example/"onclick="y)',
    '<p><a href="https://a.example/%22onclick=%22y" rel="nofollow noopener">x</a></p>',
  ],
  [
    'link',
    '[x](https://a.example/?a=1&b=2)',
    '<p><a href="https://a.example/?a=1&amp;b=2" rel="nofollow noopener">x</a></p>',
  ],
  [
    'address in angles',
    '<https://a.example/>',
    '<p><a href="https://a.example/" rel="nofollow noopener">https://a.example/</a></p>',
  ],
  ['remote image', '![words](https://tracker.example/x.png)', '<p><em>words</em></p>'],
  [
    'badge',
    '[![build](https://t.example/b.svg)](https://a.example)',
    '<p><a href="https://a.example/" rel="nofollow noopener">build</a></p>',
  ],
  [
    'link in a link',
    '[a [b](https://b.example) c](https://a.example)',
    '<p>[a <a href="https://b.example/" rel="nofollow noopener">b</a> c](https://a.example)</p>',
  ],
  [
    'own heading',
    '# A b\n[x](#a-b) [y](#permissions-ddalab)',
    '<h3 id="readme-a-b">A b</h3><p><a href="#readme-a-b">x</a> y</p>',
  ],
  ['quote in a heading', '# a" onclick="b', '<h3 id="readme-a-onclickb">a" onclick="b</h3>'],
  ['same heading twice', '# A\n# A', '<h3 id="readme-a">A</h3><h3>A</h3>'],
  ['tag in code', '`<b>`', '<p><code>&lt;b&gt;</code></p>'],
  ['fence', '```html\n<b>\n```\nx', '<pre><code>&lt;b&gt;</code></pre><p>x</p>'],
  ['open fence', '```\n</code></pre><b>', '<pre><code>&lt;/code&gt;&lt;/pre&gt;&lt;b&gt;</code></pre>'],
  [
    'tag in a table',
    '| a |\n| --- |\n| <b>x</b> \\| y |',
    '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>x | y</td></tr></tbody></table>',
  ],
  ['nested list', '- a\n  - b\n- c', '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>'],
  ['numbers', '1. a\n   b\n2. c', '<ol><li>a\nb</li><li>c</li></ol>'],
  ['quotation', '> a\n> - b', '<blockquote><p>a</p><ul><li>b</li></ul></blockquote>'],
  ['emphasis', '**a _b_** snake_case_name *c*', '<p><strong>a <em>b</em></strong> snake_case_name <em>c</em></p>'],
  ['escapes', '\\*a\\* \\<b>', '<p>*a* &lt;b&gt;</p>'],
  ['underlined', 'A\n===\nB\n---', '<h3 id="readme-a">A</h3><h4 id="readme-b">B</h4>'],
  ['direction marks', 'a\u202eb\u0000c\u200bd', '<p>abcd</p>'],
])('%s', (_, markdown, html) => {
  expect(renderMarkdown(markdown)).toBe(html);
});

test('the check of the next test sees what must not be there', () => {
  for (const html of [
    '<p onclick="x">',
    '<script>',
    '<a href="javascript:x" rel="nofollow noopener">',
    '<img src="x">',
    '<p><b>',
  ]) {
    expect(foreign(html)).toBeDefined();
  }
});

const PIECES = [
  '<',
  '>',
  '"',
  "'",
  '&',
  '[',
  ']',
  '(',
  ')',
  '!',
  '`',
  '```\n',
  '*',
  '_',
  '#',
  '# ',
  '- ',
  '1. ',
  '> ',
  '|',
  '| --- |\n',
  '\n',
  '\n\n',
  '    ',
  '\\',
  '<script>',
  '</p>',
  '<img src=x onerror=y>',
  'javascript:',
  'https://a.example/',
  'x',
  ' ',
  'é',
  '\u202e',
  '\ud800',
];

test('no text at all makes another element, or an attribute', () => {
  const markdown = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })), { maxLength: 60 });
  fc.assert(
    fc.property(markdown, (pieces) => {
      expect(foreign(renderMarkdown(pieces.join('')))).toBeUndefined();
    }),
    { numRuns: 3000 },
  );
});

test('every README of the repository keeps its words', () => {
  const registry = new URL('../../registry/plugins/', import.meta.url);
  const readmes = readdirSync(registry, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('README.md'),
  );
  expect(readmes.length).toBeGreaterThan(8);
  for (const path of readmes) {
    const html = renderMarkdown(readFileSync(new URL(path, registry), 'utf8'));
    expect(foreign(html), path).toBeUndefined();
    const words = html.replace(/<[^>]*>/g, ' ');
    expect(words, path).not.toMatch(/\*\*|```|^#|\]\(/m);
    expect(html, path).toMatch(/^<h3 id="readme-/);
  }
});
