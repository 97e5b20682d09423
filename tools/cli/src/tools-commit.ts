/**
 * The commit of the registry's repository whose tools publishers and the signing job run, and its version. A commit cannot name
 * itself, so it is raised in a commit of its own; test/check/workflows.test.ts holds the workflows and the pages to it.
 */
export const TOOLS = { commit: 'bde0cde80bffdd23a4498cfb93ec78348699542e', version: 'v0.1.0' } as const;
