const MAX_URL = 2000;

/** Where a README's link may lead: another site by http or https, without a name and password that would disguise it. */
export function safeLink(url: string): string | undefined {
  if (url.length > MAX_URL || !/^https?:\/\/[!-~]+$/i.test(url)) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed === undefined || parsed.username !== '' || parsed.password !== '' ? undefined : parsed.href;
}

/** A heading as an anchor, GitHub's way. Prefixed, so that a README cannot take the place of the page's own anchors. */
export function headingId(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replace(/ /g, '-');
  return `readme-${words.slice(0, 80)}`;
}
