// Twelve lines for a publisher's own repository: a tag makes a release that is built, checked and signed as that repository's workflow,
// without a key. The same as `plugmark init` writes; a test holds the two equal.

/** Of the tools that publishers run; tools/cli/src/tools-commit.ts has the same. */
export const TOOLS = { commit: 'bde0cde80bffdd23a4498cfb93ec78348699542e', version: 'v0.1.0' } as const;

const ON_GITHUB = /^https:\/\/github\.com\/([A-Za-z0-9-]+\/[A-Za-z0-9._-]+?)(?:\.git)?\/?$/;
/** What needs no quotes in a list of YAML. */
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/;

export interface ReleaseWorkflow {
  /** Address of the registry's repository; of one that is not on GitHub nobody can call a workflow. */
  readonly repository: string | undefined;
  readonly build: string;
  readonly artifact: string;
}

export function releaseWorkflow({ repository, build, artifact }: ReleaseWorkflow): string | undefined {
  const name = ON_GITHUB.exec(repository ?? '')?.[1];
  return name === undefined
    ? undefined
    : `name: release
on:
  push:
    tags: ["v*"]
permissions: {}
jobs:
  release:
    permissions: { contents: write, id-token: write } # the release's file; the certificate
    uses: ${name}/.github/workflows/publish-plugin.yml@${TOOLS.commit} # ${TOOLS.version}
    with: { build: ${JSON.stringify(build)}, artifact: ${PLAIN.test(artifact) ? artifact : JSON.stringify(artifact)} }
    secrets:
      submit-token: \${{ secrets.PLUGMARK_TOKEN }}
`;
}
