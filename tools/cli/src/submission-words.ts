/** Branch and title of the pull request for one release, whoever opens it: two of the same release are seen to be. */
export function submissionOf({ plugin, version }: { readonly plugin: string; readonly version: string }): {
  readonly branch: string;
  readonly title: string;
} {
  return { branch: `plugmark/${plugin.replace('/', '-')}-${version}`, title: `Release ${plugin} ${version}` };
}
