import { GitHubWorkflows } from '@plugmark/schemas';
import type { GitHubApi } from './github/github-api.ts';

/** A person's own act is `disabled_manually`, and stays. */
const REVIVED: readonly string[] = ['active', 'disabled_inactivity'];
const FILE = /^\.github\/workflows\/([A-Za-z0-9._-]+\.ya?ml)$/;

/** Enables each workflow anew and answers their files. */
export async function enableWorkflows(api: GitHubApi): Promise<string[]> {
  const found = (await readWorkflows(api)).flatMap(({ id, path, state }) => {
    const file = FILE.exec(path)?.[1];
    return file !== undefined && REVIVED.includes(state) ? [{ id, file }] : [];
  });
  for (const { id } of found)
    await api.send((request) =>
      request('PUT /repos/{owner}/{repo}/actions/workflows/{workflow_id}/enable', {
        ...api.repository,
        workflow_id: id,
      }),
    );
  return found.map(({ file }) => file);
}

/** One page: a repository of ours has far fewer than a hundred workflows. */
export async function readWorkflows(api: GitHubApi): Promise<GitHubWorkflows['workflows']> {
  const { workflows } = await api.ask(GitHubWorkflows, (request) =>
    request('GET /repos/{owner}/{repo}/actions/workflows', { ...api.repository, per_page: 100 }),
  );
  return workflows;
}
