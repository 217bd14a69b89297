import createClient from 'openapi-fetch';
import type { components, paths } from '@/generated/schema';
import type { Lang } from '@/lib/languages';
import { browserTimeoutMs, inSeconds } from './timeouts';
import { noAnswerTranslations } from './translations';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];

/** Marks a write of our own script: a foreign page cannot send this header. */
export const WRITE_HEADERS = { 'x-multi-job': '1' } as const;

/** An error response of the API or of our server. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    /** The HTTP status; 0 if there was no response. */
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly traceId: string,
    readonly fields: Schemas['FieldProblemBody'][] = [],
    readonly retryAfterSec: number | null = null,
  ) {
    super(`${title}: ${detail}`);
  }

  /** No response, or the API or its Redis is unavailable: a later attempt may succeed. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }

  /** The time-out has passed: an immediate retry would wait as long. */
  get isTimeout(): boolean {
    return this.code === 'timeout' || this.code === 'api_timeout';
  }
}

/** Any failure as an ApiError. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const t = noAnswerTranslations[pageLang()];
  if (error instanceof TimedOut) {
    const seconds = inSeconds(error.timeoutMs);
    return new ApiError(0, 'timeout', t.title, error.isWrite ? t.write(seconds) : t.read(seconds), '');
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiError(0, 'unreachable', t.title, detail, '');
}

export function problemError(response: Response, body: unknown): ApiError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  const retryAfter = Number(response.headers.get('retry-after'));
  return new ApiError(
    response.status,
    problem.code ?? 'error',
    problem.title ?? `HTTP ${response.status}`,
    problem.detail ?? response.statusText,
    problem.trace_id || response.headers.get('x-trace-id') || '',
    problem.errors ?? [],
    retryAfter > 0 ? retryAfter : null,
  );
}

/** No complete response in time. */
class TimedOut extends Error {
  constructor(
    readonly timeoutMs: number,
    readonly isWrite: boolean,
  ) {
    super(`no answer within ${timeoutMs} ms`);
  }
}

/** The language of the page: the API writes its texts in it. */
export function pageLang(): Lang {
  return typeof document !== 'undefined' && document.documentElement.lang === 'id' ? 'id' : 'en';
}

/** Fetch from our own server with a time-out over the whole answer, its body included. */
export async function fetchInTime(asked: Request | string, init: RequestInit = {}): Promise<Response> {
  const { method = 'GET', signal } = typeof asked === 'string' ? init : asked;
  const path = typeof asked === 'string' ? asked : new URL(asked.url).pathname;
  const timeoutMs = browserTimeoutMs(method, path.replace(/^\/api/, ''));
  const late = AbortSignal.timeout(timeoutMs);
  const headers = new Headers(typeof asked === 'string' ? init.headers : asked.headers);
  if (!headers.has('accept-language')) headers.set('accept-language', pageLang());
  try {
    const response = await fetch(asked, { ...init, headers, signal: signal ? AbortSignal.any([signal, late]) : late });
    // Bodies are small. They are read here, so that a stalled body is a time-out too.
    return new Response(BODILESS.has(response.status) ? null : await response.arrayBuffer(), response);
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    throw isLate ? new TimedOut(timeoutMs, method !== 'GET') : error;
  }
}
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** The typed client of the browser; it calls our own server only. */
export const api = createClient<paths>({ baseUrl: '/api', headers: WRITE_HEADERS, fetch: (request) => fetchInTime(request) });

export type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The data of a response; throws an ApiError if it is not a success. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  let response: Answer<T>;
  try {
    response = await answer;
  } catch (error) {
    throw toApiError(error);
  }
  if (!response.response.ok) throw problemError(response.response, response.error);
  return response.data as T;
}

/** The progress of a search: examined records, and records left from its cursor on. */
export type SearchStep = { searched: number; total: number };

/** A page of a list: rows, the total if one index knows it, and the cursor of the next page. */
export type Page<T> = { items: T[]; total: number | null; next: string | null; step?: SearchStep };

export async function unwrapPage<T>(answer: Promise<Answer<T[]>>, cursorName = 'cursor'): Promise<Page<T>> {
  let headers = new Headers();
  const seen = answer.then((got) => {
    headers = got.response.headers;
    return got;
  });
  const items = await unwrap(seen);
  const total = headers.get('x-total-count');
  const searched = headers.get('x-searched-count');
  return {
    items,
    total: total === null ? null : Number(total),
    next: nextCursor(headers.get('link'), cursorName),
    ...(searched === null ? {} : { step: { searched: Number(searched), total: Number(headers.get('x-search-total')) } }),
  };
}

/** The cursor of a `Link: <…>; rel="next"` header; lists of events call it `before`. */
export function nextCursor(link: string | null, name = 'cursor'): string | null {
  const target = link?.match(/<([^>]+)>;\s*rel="?next"?/)?.[1];
  return target ? new URL(target, 'http://local').searchParams.get(name) : null;
}

/** An idempotency key for one action of a person: a retry with the same key has no second effect. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}
