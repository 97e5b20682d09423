// The runner's server as a `fetch`, for runtimes that cannot listen: a page, or a test that runs thousands of cases.
import type { ServedFile } from '../client-vectors/served-file.ts';
import type { Served } from './client-case.ts';

/** `files` is asked anew for each request. Redirects are followed as a browser would, unless the caller forbids it. */
export function servedFetch(files: () => Served): typeof fetch {
  const answer = async (address: URL, redirect: RequestRedirect): Promise<Response> => {
    const file = files().get(decodeURIComponent(address.pathname.slice(1)));
    if (file === undefined) return new Response(null, { status: 404 });
    if (!(file instanceof Uint8Array) && 'redirect' in file) {
      if (redirect === 'error') throw new TypeError('redirected');
      return answer(new URL(file.redirect, address), redirect);
    }
    return responseOf(file);
  };
  return async (input, init) => {
    const address = new URL(String(input));
    // Port 9 is where cases look for somebody who is not there.
    if (address.port === '9') throw new TypeError('nobody listens');
    return answer(address, init?.redirect ?? 'follow');
  };
}

function responseOf(file: Exclude<ServedFile, { readonly redirect: string }>): Response {
  const binary = { 'content-type': 'application/octet-stream' };
  if (file instanceof Uint8Array) return new Response(file as Uint8Array<ArrayBuffer>, { headers: binary });
  if ('status' in file) return new Response('no', { status: file.status });
  if ('text' in file) return new Response(file.text, { headers: { 'content-type': file.contentType } });
  return new Response(file.fill.repeat(file.length), { headers: binary });
}
