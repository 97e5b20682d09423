// The layout that thousands of pages are written into. A hole in the wrong place would be a hole for everybody.

import { expect, test } from 'vitest';
import { FRAME_MARKS, openFrame } from '../../site/src/data/page-frame.ts';
import { SiteError } from '../../site/src/data/site-error.ts';

const { title, description, feed, body } = FRAME_MARKS;
const FRAME = `<!DOCTYPE html><html><head><meta name="robots" content="noindex"><meta name="description" content="${description}"><title>${title} · R</title><link rel="icon" href="/m.svg"><link rel="alternate" type="application/atom+xml" href="/base/${feed}"><meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'self' 'sha256-x='; style-src 'self'"></head><body><main>${body}</main></body></html>`;
const ATTACK = `"><script>alert(1)</script>$&$1 ${FRAME_MARKS.body} ${FRAME_MARKS.feed}`;

test('a page is its layout with the words in place, and may run nothing', () => {
  const page = openFrame(FRAME)({ title: 'T', description: 'D', feed: 'a/feed.atom', body: '<p>B</p>' });
  expect(page).toBe(
    `<!DOCTYPE html><html><head><meta name="description" content="D"><title>T · R</title><link rel="icon" href="/m.svg"><link rel="alternate" type="application/atom+xml" href="/base/a/feed.atom"><meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'none'; style-src 'self'"></head><body><main><p>B</p></main></body></html>`,
  );
});

test('without a feed there is no link to one; a page not to be found says so', () => {
  const page = openFrame(FRAME)({ title: 'T', description: 'D', isHidden: true, body: '' });
  expect(page).not.toContain('alternate');
  expect(page.match(/<meta name="robots" content="noindex">/g)).toHaveLength(1);
});

test('what a publisher wrote stays in its place, whatever it is', () => {
  const page = openFrame(FRAME)({ title: ATTACK, description: ATTACK, feed: ATTACK, body: '' });
  expect(page).not.toContain('<script');
  expect(page.match(/<(?!!)[a-z]+/g)).toHaveLength(9);
  expect(page.split('alert(1)')).toHaveLength(4);
  expect(page.endsWith('<main></main></body></html>')).toBe(true);
});

test.each<[string, string]>([
  ['lacks its place for the page', FRAME.replace(body, '')],
  ['has a place twice', FRAME.replace(body, body + body)],
  ['has its places in another order', FRAME.replace(title, 'x').replace(body, `${body}${title}`)],
  ['lacks its feed', FRAME.replace(feed, '')],
  ['has no policy for scripts', FRAME.replace(/script-src[^;]*;/, '')],
])('a layout that %s is refused', (_, html) => {
  expect(() => openFrame(html)).toThrow(expect.objectContaining({ code: 'FRAME_BROKEN' }));
  expect(() => openFrame(html)).toThrow(SiteError);
});
