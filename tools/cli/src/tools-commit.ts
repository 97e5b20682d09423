/**
 * The commit of the registry's repository whose tools publishers and the signing job run, and its version. A commit cannot name
 * itself, so it is raised in a commit of its own; test/check/workflows.ts holds the workflows to it.
 */
export const TOOLS = { commit: 'fb7af6bf5e95eb208224658447bd373f728b4ce9', version: 'v0.1.0' } as const;
