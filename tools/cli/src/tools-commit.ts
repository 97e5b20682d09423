/**
 * The commit of the registry's repository whose tools publishers and the signing job run, and its version. A commit cannot name
 * itself, so it is raised in a commit of its own; test/check/workflows.test.ts holds the workflows and the pages to it.
 */
export const TOOLS = { commit: '2bb1ccd115a5bfc809cd2ad5ec9f7bf231bce496', version: 'v0.1.0' } as const;
