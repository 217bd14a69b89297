import { describe, expect, it } from 'vitest';
import { ApiError, nextCursor, problemError, toApiError, unwrap, unwrapPage } from './api';

const page = (headers: Record<string, string>) =>
  Promise.resolve({ data: [1, 2], response: new Response('[]', { headers }) });

describe('answers of the API', () => {
  it('of a list say where it goes on and how many there are', async () => {
    const link = '</runs?cursor=41&limit=2>; rel="next"';
    expect(await unwrapPage(page({ link, 'x-total-count': '90' }))).toEqual({ items: [1, 2], total: 90, next: '41' });
    expect(await unwrapPage(page({}))).toEqual({ items: [1, 2], total: null, next: null });
  });

  it('have no next page without a link that says so', () => {
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
