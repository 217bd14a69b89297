import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, api, fetchInTime, nextCursor, problemError, toApiError, unwrap, unwrapPage } from './client';

const page = (headers: Record<string, string>) =>
  Promise.resolve({ data: [1, 2], response: new Response('[]', { headers }) });

describe('answers of the API', () => {
  it('have a cursor and a total', async () => {
    const link = '</runs?cursor=41&limit=2>; rel="next"';
    expect(await unwrapPage(page({ link, 'x-total-count': '90' }))).toEqual({ items: [1, 2], total: 90, next: '41' });
    expect(await unwrapPage(page({}))).toEqual({ items: [1, 2], total: null, next: null });
    const step = await unwrapPage(page({ link, 'x-searched-count': '20000', 'x-search-total': '108000' }));
    expect(step).toMatchObject({ total: null, next: '41', step: { searched: 20_000, total: 108_000 } });
  });

  it('have no next page without a link', () => {
    expect(nextCursor(null)).toBeNull();
    expect(nextCursor('</runs?cursor=1>; rel="prev"')).toBeNull();
  });

  it('that refuse become an error with title, detail, trace id and fields', async () => {
    const body = { title: 'Invalid job spec', detail: 'd', code: 'invalid_spec', trace_id: 't', errors: [{ pointer: '/a', message: 'm', code: 'c' }] };
    const refused = Promise.resolve({ error: body, response: new Response('', { status: 422 }) });
    const error = await unwrap(refused).catch((caught: unknown) => caught as ApiError);
    expect(error).toMatchObject({ status: 422, code: 'invalid_spec', title: 'Invalid job spec', traceId: 't', fields: body.errors });
    expect((error as ApiError).isOutage).toBe(false);
  });

  it('that never come are an outage', async () => {
    const error = toApiError(await unwrap(Promise.reject(new TypeError('failed'))).catch((caught: unknown) => caught));
    expect(error).toMatchObject({ status: 0, isOutage: true });
    expect(problemError(new Response('', { status: 503, headers: { 'retry-after': '2' } }), null)).toMatchObject({ isOutage: true, retryAfterSec: 2 });
  });
});

describe('requests to our server', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  /**
   * A server that accepts requests and never answers. The time-outs are shortened and recorded by their original
   * values.
   */
  function neverAnswers(): number[] {
    const asked: number[] = [];
    vi.stubGlobal('fetch', (_url: unknown, { signal }: RequestInit) => new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error))));
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      asked.push(ms);
      return AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    });
    vi.spyOn(AbortSignal, 'any').mockImplementation((signals) => {
      const both = new AbortController();
      setTimeout(() => both.abort(signals.find((each) => each.aborted)?.reason), 0);
      return both.signal;
    });
    return asked;
  }

  it('time out after five seconds for a read, and report it', async () => {
    const asked = neverAnswers();
    const error = await unwrap(api.GET('/workers', { baseUrl: 'http://localhost/api' })).catch((caught: unknown) => caught as ApiError);
    expect(asked).toEqual([5_000]);
    expect(error).toMatchObject({ status: 0, code: 'timeout', isOutage: true, isTimeout: true });
    expect((error as ApiError).detail).toBe('No answer within 5 s.');
  });

  it('has longer for a write, which may have been done without an answer', async () => {
    const asked = neverAnswers();
    const write = api.POST('/resume', { baseUrl: 'http://localhost/api', body: { scope: 'all' } });
    const error = await unwrap(write).catch((caught: unknown) => caught as ApiError);
    expect(asked).toEqual([32_000]);
    expect((error as ApiError).detail).toContain('it may have been done. Look before you repeat it.');
  });

  it('is over when its body has come, not when its head has', async () => {
    const body = new ReadableStream({ start: (out) => out.error(new DOMException('late', 'TimeoutError')) });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(body)));
    await expect(fetchInTime('/api/workers')).rejects.toThrow('no answer within 5000 ms');
  });
});
