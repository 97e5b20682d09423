import { CliError } from './cli-error.ts';

export interface WorkflowsOf {
  readonly fetch: typeof fetch;
  /** Without a slash at the end. */
  readonly api: string;
  readonly repository: string;
  readonly token: string;
}

const TIMEOUT_MS = 30_000;
/** A person's own act is `disabled_manually`, and stays. */
const REVIVED: readonly string[] = ['active', 'disabled_inactivity'];
const FILE = /^\.github\/workflows\/([A-Za-z0-9._-]+\.ya?ml)$/;

/** Enables each workflow anew and answers their files. Throws UNREACHABLE with GitHub's status. */
export async function enableWorkflows({ fetch, api, repository, token }: WorkflowsOf): Promise<string[]> {
  const base = `${api}/repos/${repository}/actions/workflows`;
  const call = async (method: string, url: string): Promise<Response> => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'user-agent': 'plugmark',
    };
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new CliError('UNREACHABLE', `${api} cannot be reached`, { cause });
    });
    if (answer.ok) return answer;
    throw new CliError('UNREACHABLE', `GitHub answered ${answer.status} to ${method} ${url.slice(api.length)}`);
  };
  // One page: a repository of ours has far fewer than a hundred workflows.
  const files = workflowFiles(await (await call('GET', `${base}?per_page=100`)).json().catch(() => undefined));
  for (const file of files) await call('PUT', `${base}/${file}/enable`);
  return files;
}

/** Throws UNREACHABLE for an answer of another form. */
function workflowFiles(answer: unknown): string[] {
  const { workflows } = (typeof answer === 'object' && answer !== null ? answer : {}) as { workflows?: unknown };
  if (!Array.isArray(workflows)) throw new CliError('UNREACHABLE', 'GitHub answered without a list of workflows');
  return (workflows as ({ path?: unknown; state?: unknown } | null)[]).flatMap((workflow) => {
    const { path, state } = workflow ?? {};
    const file = typeof path === 'string' ? FILE.exec(path)?.[1] : undefined;
    return file !== undefined && typeof state === 'string' && REVIVED.includes(state) ? [file] : [];
  });
}
