// Why something could not be fetched, for a person at a terminal.

import type { ClientErrorDetails } from '@plugmark/client';

export interface Words {
  readonly message: string;
  readonly hint?: string;
}

export function unreachable(
  { url, status, contentType, timeoutMs, redirect, realm, answer }: ClientErrorDetails,
  cause: unknown,
): Words {
  const hint = 'check the address and the connection';
  if (redirect !== undefined) return { message: `${url}: redirects to ${redirect}, which is not followed`, hint };
  if (realm !== undefined)
    return {
      message: `${url}: would have a token asked for at ${realm}, which is not known to belong to it`,
      hint: 'plugmark oci pull with credentials fetches it; the file can then be installed',
    };
  if (answer !== undefined) return { message: `${url}: answered with something else than was asked (${answer})`, hint };
  if (timeoutMs !== undefined) return { message: `${url}: no answer within ${Number(timeoutMs) / 1000} s`, hint };
  if (status === 200)
    return {
      message: `${url}: answered with a web page (${contentType}), not with a registry’s file`,
      hint: 'check the address; a network’s sign-in page answers like this too',
    };
  if (status !== undefined) return { message: `${url}: answered with status ${status}`, hint };
  return { message: `${url}: ${connectionProblem(cause)}`, hint };
}

const CONNECTION_PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there (connection refused)',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'no answer',
  UND_ERR_CONNECT_TIMEOUT: 'no answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

/** fetch says only that it failed; why is in a cause of the cause. */
export function connectionProblem(error: unknown): string {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    const code = (inner as NodeJS.ErrnoException).code;
    if (code !== undefined) return CONNECTION_PROBLEMS[code] ?? `cannot be reached (${code})`;
  }
  return 'cannot be reached';
}
