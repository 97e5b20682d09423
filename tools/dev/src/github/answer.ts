// What the stand-in answers with, and how it refuses: GitHub's status codes and the shape of its messages.

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes as they are, in place of JSON. */
  readonly bytes?: Uint8Array;
}

export const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  body,
  headers,
});
export const created = (body: unknown): Answer => ({ status: 201, body });
export const empty = (): Answer => ({ status: 204 });

const refusal = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});
export const notFound = (): Answer => refusal(404, 'Not Found');
export const forbidden = (message = 'Resource not accessible by integration'): Answer => refusal(403, message);
export const unprocessable = (message: string): Answer => refusal(422, message);
export const conflict = (message: string): Answer => refusal(409, message);
export const notAllowed = (message: string): Answer => refusal(405, message);
export const unauthorized = (): Answer => refusal(401, 'Bad credentials');

const PER_PAGE = 30;
const MOST = 100;

/** A page of a list, with the header that leads to the next. */
export function page<T>(items: readonly T[], url: URL): Answer {
  const size = Math.min(MOST, Number(url.searchParams.get('per_page') ?? PER_PAGE));
  const at = Number(url.searchParams.get('page') ?? 1);
  const more = items.length > at * size;
  const next = new URL(url);
  next.searchParams.set('page', String(at + 1));
  return ok(items.slice((at - 1) * size, at * size), more ? { link: `<${next.href}>; rel="next"` } : {});
}
