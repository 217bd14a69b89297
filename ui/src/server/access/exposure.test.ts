// @vitest-environment node
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ENDS_HEADER, FORWARDED_HEADER, PEER_HEADER, SERVER_HEADER, isForwardingHeader } from '../../../scripts/request-filter.mjs';
import { callerOf, exposureSettings, exposureReason, type Caller } from './exposure';

type Case = {
  name: string;
  peer: string | null;
  server: string | null;
  host: string;
  headers: Record<string, string>;
  settings: Record<string, string>;
  keys: 'none' | 'some' | 'lost';
  path: string;
  api: number;
  dashboard: number | null;
};

const table = JSON.parse(readFileSync(new URL('../../../../tests/contract/exposure.json', import.meta.url), 'utf8')) as {
  base: Omit<Case, 'name' | 'api' | 'dashboard'>;
  rows: Pick<Case, 'name'>[];
};
const CASES = table.rows
  .map((row) => ({ ...table.base, ...row, settings: { ...table.base.settings, ...('settings' in row ? (row.settings as object) : {}) } }) as Case)
  .filter((row) => row.dashboard !== null);

const ENDS = '127.0.0.1 50000 127.0.0.1 3000';

function callerIn(row: Case): Caller {
  const names = Object.keys(row.headers).map((name) => name.toLowerCase());
  return { peer: row.peer, server: row.server, address: row.peer, ends: ENDS, forwarded: names.filter(isForwardingHeader) };
}

function environmentOf(row: Case): Record<string, string | undefined> {
  const { UI_HOST, ...others } = row.settings;
  return { NODE_ENV: 'production', HOSTNAME: UI_HOST, ...others };
}

const cookies = vi.hoisted(() => ({ get: vi.fn() }));
const incoming = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock('next/headers', () => ({
  cookies: () => Promise.resolve(cookies),
  headers: () => Promise.resolve(incoming.headers),
}));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('multi-job.request-filter')];
});

describe('requests that are served without a key', () => {
  it('has a table of at least 60 cases, served and refused', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(CASES.map((row) => row.dashboard))).toEqual(new Set([200, 401]));
  });

  it.each(CASES.map((row) => [row.name, row] as const))('%s', (_name, row) => {
    const exposed = exposureReason(callerIn(row), row.host, exposureSettings(environmentOf(row)));
    // Only the API knows the keys: it refuses a request without one.
    const served = exposed === null && (row.keys === 'none' || row.settings.AUTH === 'off');
    expect(served ? 200 : 401).toBe(row.dashboard);
  });

  it.each(CASES.map((row) => [row.name, row] as const))('through the forwarding route: %s', async (_name, row) => {
    for (const [name, value] of Object.entries(environmentOf(row))) vi.stubEnv(name, value);
    (globalThis as Record<symbol, unknown>)[Symbol.for('multi-job.request-filter')] = true;
    const caller = callerIn(row);
    const headers = new Headers({ ...row.headers, host: row.host, [FORWARDED_HEADER]: caller.forwarded.join(' '), [ENDS_HEADER]: ENDS });
    if (caller.peer !== null) headers.set(PEER_HEADER, caller.peer);
    if (caller.server !== null) headers.set(SERVER_HEADER, caller.server);
    incoming.headers = headers;
    const asked: Headers[] = [];
    // The API as it decides about this server's own requests, which reach it over loopback.
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
      const sent = new Headers(init.headers);
      asked.push(sent);
      const isOff = row.settings.AUTH === 'off';
      const refused = !isOff && (row.keys !== 'none' || [...sent.keys()].some(isForwardingHeader));
      return Promise.resolve(Response.json([], { status: refused ? 401 : 200 }));
    });
    const { GET } = await import('../../app/api/[...path]/route');
    const { NextRequest } = await import('next/server');
    const answer = await GET(new NextRequest(`http://127.0.0.1:3000/api${row.path}`, { headers }));
    expect(answer.status).toBe(row.dashboard);
    // A request that this server refuses never reaches the API, and a proxy is never hidden from the API.
    const isExposed = exposureReason(caller, row.host, exposureSettings(environmentOf(row))) !== null;
    expect(asked.length).toBe(isExposed ? 0 : 1);
    for (const sent of asked) expect([...sent.keys()].some(isForwardingHeader)).toBe(caller.forwarded.length > 0);
  });
});

describe('the origin of a request', () => {
  const forged = new Headers({ [PEER_HEADER]: '127.0.0.1', [SERVER_HEADER]: '127.0.0.1', 'x-forwarded-for': '127.0.0.1' });

  it('is unknown without the request filter, whatever the headers say', () => {
    vi.stubEnv('NODE_ENV', 'production');
    expect(callerOf(forged)).toEqual({ peer: null, server: null, address: null, ends: '', forwarded: [] });
  });

  it('is the socket in development, and no proxy', () => {
    vi.stubEnv('NODE_ENV', 'development');
    expect(callerOf(forged).peer).toBe('127.0.0.1');
    expect(callerOf(new Headers({ 'x-forwarded-for': '127.0.0.1', via: '1.1 a' })).forwarded).toEqual(['via']);
  });
});
