import createClient from 'openapi-fetch';
import type { components, paths } from '@/generated/schema';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];

/** Says to our server that a script of ours writes: no foreign page can send it. */
export const WRITE_HEADERS = { 'x-multi-job': '1' } as const;

/** What the API (or our server) answered in place of what was asked for. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    /** The HTTP status; 0 where nothing answered at all. */
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

  /** Nobody answered, or the API or its Redis is away: it may work again by itself. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** Any failure as an ApiError. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiError(0, 'unreachable', 'No answer', detail, '');
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

/** The typed client of the browser; it speaks to our own server only. */
export const api = createClient<paths>({ baseUrl: '/api', headers: WRITE_HEADERS });

export type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The data of an answer; throws an ApiError for everything that is no success. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>;
  try {
    got = await answer;
  } catch (error) {
    throw toApiError(error);
  }
  if (!got.response.ok) throw problemError(got.response, got.error);
  return got.data as T;
}

/** A page of a list: its rows, how many there are in all where one index says so, and where it goes on. */
export type Page<T> = { items: T[]; total: number | null; next: string | null };

export async function unwrapPage<T>(answer: Promise<Answer<T[]>>, cursorName = 'cursor'): Promise<Page<T>> {
  let headers = new Headers();
  const seen = answer.then((got) => {
    headers = got.response.headers;
    return got;
  });
  const items = await unwrap(seen);
  const total = headers.get('x-total-count');
  return { items, total: total === null ? null : Number(total), next: nextCursor(headers.get('link'), cursorName) };
}

/** The cursor in a `Link: <…>; rel="next"` header; lists of events name theirs `before`. */
export function nextCursor(link: string | null, name = 'cursor'): string | null {
  const target = link?.match(/<([^>]+)>;\s*rel="?next"?/)?.[1];
  return target ? new URL(target, 'http://local').searchParams.get(name) : null;
}

/** A key for one act of a person: sent again by a retry, it happens once. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}
