export type SiteArea = 'plugins' | 'hosts' | 'analyse' | 'verify' | 'docs' | 'about';

interface SiteLink {
  readonly path: string;
  readonly words: string;
}

export const MAIN_LINKS: readonly (SiteLink & { readonly of: SiteArea })[] = [
  { path: 'plugins/', words: 'Plugins', of: 'plugins' },
  { path: 'hosts/', words: 'Hosts', of: 'hosts' },
  { path: 'analyse/', words: 'Analyse', of: 'analyse' },
  { path: 'verify/', words: 'Verify', of: 'verify' },
  { path: 'docs/', words: 'Docs', of: 'docs' },
];

export const FOOTER_LINKS: readonly SiteLink[] = [
  { path: 'about/', words: 'What the marks mean' },
  { path: 'publishers/', words: 'Publishers' },
  { path: 'permissions/', words: 'Permissions' },
  { path: 'rules/', words: 'Rules' },
  { path: 'advisories/', words: 'Advisories' },
  { path: 'history/', words: 'History' },
  { path: 'status/', words: 'Status' },
  { path: 'feeds/', words: 'Feeds' },
];
