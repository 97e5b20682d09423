/**
 * Branch and title of the pull request for one release, whoever opens it: two of the same release are seen to be. A dot stands in no
 * name, so that `acme-fast/filter` and `acme/fast-filter` have branches of their own.
 */
export function submissionOf({ plugin, version }: { readonly plugin: string; readonly version: string }): {
  readonly branch: string;
  readonly title: string;
} {
  return { branch: `plugmark/${plugin.replace('/', '.')}-${version}`, title: `Release ${plugin} ${version}` };
}
