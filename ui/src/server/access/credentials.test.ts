// @vitest-environment node
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENDS_HEADER, FORWARDED_HEADER, PEER_HEADER, SERVER_HEADER } from '../../../scripts/request-filter.mjs';
import { hasCredential, typedKey } from './credentials';

const KEY = 'a-key-of-this-table-0123456789';
const table = JSON.parse(readFileSync(new URL('../../../../tests/contract/credentials.json', import.meta.url), 'utf8')) as {
  requests: { name: string; headers: [string, string][]; reads: string }[];
  typed: { name: string; text: string; reads: string | null }[];
};
const TYPED = table.typed.map((row) => ({ ...row, text: row.text.replaceAll('KEY', KEY), reads: row.reads && KEY }));

/** The headers of a row; null if no server passes them on, because of a control character. */
function headersOf(row: (typeof table.requests)[number]): Headers | null {
  try {
    return new Headers(row.headers);
  } catch {
    return null;
  }
}
const REQUESTS = table.requests.flatMap((row) => {
  const headers = headersOf(row);
  return headers ? [{ ...row, headers }] : [];
});

const jar = vi.hoisted(() => ({ get: vi.fn(), set: vi.fn(), delete: vi.fn() }));
const incoming = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock('next/headers', () => ({
  cookies: () => Promise.resolve(jar),
  headers: () => Promise.resolve(incoming.headers),
}));

const asked: { url: string; headers: Headers }[] = [];

beforeEach(() => {
  asked.length = 0;
  (globalThis as Record<symbol, unknown>)[Symbol.for('multi-job.request-filter')] = true;
  for (const [name, value] of Object.entries({ NODE_ENV: 'production', HOSTNAME: '127.0.0.1', AUTH: 'auto' })) vi.stubEnv(name, value);
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push({ url, headers: new Headers(init.headers) });
    return Promise.resolve(Response.json({ token: `mjs_abcdefgh2345_${'s'.repeat(43)}`, name: 'ana', role: 'admin' }));
  });
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('multi-job.request-filter')];
});

describe('a key that a person typed', () => {
  it.each(TYPED.map((row) => [row.name, row] as const))('%s', (_name, row) => {
    expect(typedKey(row.text)).toBe(row.reads);
  });

  it('is a text of at most 1,024 characters', () => {
    expect(typedKey('k'.repeat(1_024))).toHaveLength(1_024);
    for (const none of ['k'.repeat(1_025), 7, null, undefined, [KEY], {}]) expect(typedKey(none)).toBeNull();
  });

  it.each(TYPED.map((row) => [row.name, row] as const))('reaches the API at sign-in only if it is one: %s', async (_name, row) => {
    const { POST } = await import('../../app/session/route');
    const { NextRequest } = await import('next/server');
    const headers = { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000', 'x-multi-job': '1', 'content-type': 'application/json' };
    const body = JSON.stringify({ key: row.text });
    const answer = await POST(new NextRequest('http://127.0.0.1:3000/session', { method: 'POST', headers, body }));
    expect(answer.status).toBe(row.reads === null ? 422 : 200);
    expect(asked.map((call) => call.headers.get('authorization'))).toEqual(row.reads === null ? [] : [`Bearer ${KEY}`]);
  });
});

describe('a request with a credential in a header', () => {
  async function forwarded(row: (typeof REQUESTS)[number]): Promise<number> {
    const headers = new Headers(row.headers);
    headers.set('host', '127.0.0.1:3000');
    headers.set(FORWARDED_HEADER, '');
    for (const name of [PEER_HEADER, SERVER_HEADER]) headers.set(name, '127.0.0.1');
    headers.set(ENDS_HEADER, '127.0.0.1 50000 127.0.0.1 3000');
    incoming.headers = headers;
    const { GET } = await import('../../app/api/[...path]/route');
    const { NextRequest } = await import('next/server');
    return (await GET(new NextRequest('http://127.0.0.1:3000/api/jobs', { headers }))).status;
  }

  it('has rows of all kinds', () => {
    expect(REQUESTS.length).toBeGreaterThanOrEqual(30);
    expect(new Set(REQUESTS.map((row) => row.reads))).toEqual(new Set(['KEY', 'none', 'refused']));
  });

  it.each(REQUESTS.map((row) => [row.name, row] as const))('is never served as one without a key: %s', async (_name, row) => {
    expect(hasCredential(row.headers)).toBe(row.reads !== 'none');
    expect(await forwarded(row)).toBe(row.reads === 'none' ? 200 : 401);
    expect(asked.length).toBe(row.reads === 'none' ? 1 : 0);
  });

  it('is served with AUTH=off, without its credential', async () => {
    vi.stubEnv('AUTH', 'off');
    for (const row of REQUESTS) expect(await forwarded(row)).toBe(200);
    for (const call of asked) expect(hasCredential(call.headers)).toBe(false);
  });
});
