/** Twelve lines for a publisher's own repository: a tag makes a release that is checked and signed as this workflow, without a key. */
export const RELEASE_WORKFLOW = `name: release plugin
on: { push: { tags: ['v*'] } }
permissions: { contents: read, id-token: write }
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - run: npx --yes plugmark@0.1.0 check .
      - run: npx --yes plugmark@0.1.0 sign . --keyless --out signed
      - uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1
        with: { path: signed }
`;
