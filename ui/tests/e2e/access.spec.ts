import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendRequest, statusOf, withDashboard } from './support/dashboard';
import { expect, test } from './support/fixtures';
import { ROOT } from './support/stack';

test.use({ platform: 'access' });

const PATHS = [
  ...['/', '/jobs', '/jobs/', '//jobs', '/sign-in', '/nothing', '/api/jobs', '/api/nothing', '/session', '/healthz', '/icon.svg'],
  ...['/favicon.ico', '/favicon.ico/x', '/faviconXico', '/_next/static', '/_next/static/', '/_next/staticfoo', '/_next/static/a.js'],
  ...['/_next/image?url=%2Ficon.svg&w=64&q=75', '/_next/data/a/b.json', '/_next', '/_next/..', '/_error', '/404', '/500', '/.env'],
];

test('a foreign Host is refused on every path', async ({ stack }) => {
  const asset = /\/_next\/static\/[^"]+\.js/.exec((await sendRequest(`${stack.uiUrl}/`, 'GET', {})).body)![0];
  expect((await sendRequest(`${stack.uiUrl}${asset}`, 'GET', {})).status).toBe(200);
  for (const path of [...PATHS, asset]) {
    for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS']) {
      const reply = await sendRequest(`${stack.uiUrl}${path}`, method, { host: 'evil.example:3000' });
      expect(reply.status, `${method} ${path}`).toBe(421);
    }
  }
});

test('every page has a content policy, whatever its path', async ({ stack }) => {
  for (const path of PATHS) {
    const reply = await sendRequest(`${stack.uiUrl}${path}`, 'GET', {});
    expect(reply.status, path).toBeLessThan(500);
    const isPage = String(reply.headers['content-type']).startsWith('text/html');
    if (isPage) expect(reply.headers['content-security-policy'], path).toContain('default-src');
  }
  expect((await sendRequest(`${stack.uiUrl}/favicon.ico/x`, 'GET', {})).headers['content-security-policy']).toContain("frame-ancestors 'none'");
});

test('requests that no browser sends are refused, and never an error of ours', async ({ stack }) => {
  const lines = [
    ...['TRACE / HTTP/1.1', 'TRACE /api/jobs HTTP/1.1', 'OPTIONS * HTTP/1.1', 'CONNECT 127.0.0.1:80 HTTP/1.1', 'CONNECT /jobs HTTP/1.1'],
    ...['GET http://127.0.0.1/jobs HTTP/1.1', 'GET http://evil.example/ HTTP/1.1', 'GET jobs HTTP/1.1', 'FOO / HTTP/1.1', 'PROPFIND / HTTP/1.1'],
    ...['GET /api/jobs/%ff HTTP/1.1', 'GET /api/jobs/% HTTP/1.1', 'GET /api/jobs/%zz HTTP/1.1', 'GET /api/runs/%ed%a0%80 HTTP/1.1', 'GET /jobs/%ff HTTP/1.1'],
    ...['GET /api/jobs/%00 HTTP/1.1', 'GET /api/jobs/..%2f..%2fkeys HTTP/1.1', 'GET /api/jobs/a%5cb HTTP/1.1', 'GET /api//jobs HTTP/1.1', 'PATCH /api/jobs HTTP/1.1'],
    ...['DELETE / HTTP/1.1', 'PUT /session HTTP/1.1', 'OPTIONS /api/jobs HTTP/1.1', 'PATCH /jobs HTTP/1.1', `GET /${'a'.repeat(20_000)} HTTP/1.1`],
  ];
  for (const line of lines) {
    const status = await statusOf(stack.uiUrl, `${line}\nHost: 127.0.0.1\nConnection: close\n\n`);
    expect(status >= 200 && status < 500, `${line.slice(0, 60)}: ${status}`).toBe(true);
  }
  for (const line of lines.slice(0, 15)) {
    const status = await statusOf(stack.uiUrl, `${line}\nHost: 127.0.0.1\nConnection: close\n\n`);
    expect(status, line).toBeGreaterThanOrEqual(400);
  }
  expect((await sendRequest(`${stack.uiUrl}/healthz`, 'GET', {})).status).toBe(200);
});

test('a foreign page can neither write nor read', async ({ stack }) => {
  const json = { 'content-type': 'application/json' };
  const spec = JSON.stringify({ job_id: 'from-elsewhere', type: 'simulation.load' });
  const refused = [
    await sendRequest(`${stack.uiUrl}/api/jobs`, 'POST', { ...json, origin: 'http://evil.example', 'x-multi-job': '1' }, spec),
    await sendRequest(`${stack.uiUrl}/api/jobs`, 'POST', { ...json, 'sec-fetch-site': 'cross-site', 'x-multi-job': '1' }, spec),
    // A form of any web page can send this one: it lacks our header.
    await sendRequest(`${stack.uiUrl}/api/jobs`, 'POST', { 'content-type': 'text/plain' }, spec),
    await sendRequest(`${stack.uiUrl}/session`, 'POST', { ...json, origin: 'http://evil.example' }, '{"key":"x"}'),
    await sendRequest(`${stack.uiUrl}/api/jobs`, 'GET', { 'sec-fetch-site': 'cross-site' }),
  ];
  expect(refused.map((reply) => reply.status)).toEqual([403, 403, 403, 403, 403]);
  expect(await stack.api('GET', '/jobs')).toEqual([]);
});

test('only operations of the API are forwarded', async ({ stack }) => {
  const paths = ['/api/metrics', '/api/nothing', '/api/webhooks/telegram/a', '/api/openapi.json', '/api/jobs/%2e%2e/x'];
  for (const path of paths) {
    expect((await sendRequest(`${stack.uiUrl}${path}`, 'GET', {})).status, path).toBe(404);
  }
  expect((await sendRequest(`${stack.uiUrl}/api/jobs`, 'GET', {})).status).toBe(200);
});

test('a body that is too large is refused while it is read', async ({ stack }) => {
  const own = { 'x-multi-job': '1', 'content-type': 'application/json' };
  const body = JSON.stringify({ job_id: 'large', type: 'simulation.load', description: 'x'.repeat(300_000) });
  expect((await sendRequest(`${stack.uiUrl}/api/jobs`, 'POST', own, body)).status).toBe(413);
  const key = JSON.stringify({ key: 'x'.repeat(5_000) });
  expect((await sendRequest(`${stack.uiUrl}/session`, 'POST', own, key)).status).toBe(413);
  // Bodies without a length that do not end.
  const head = (path: string) => `POST ${path} HTTP/1.1\nHost: 127.0.0.1\nX-Multi-Job: 1\nTransfer-Encoding: chunked\n\n`;
  expect(await statusOf(stack.uiUrl, head('/session'), `2000\r\n${'x'.repeat(0x2000)}\r\n`)).toBe(413);
  expect(await statusOf(stack.uiUrl, head('/api/jobs'), `50000\r\n${'x'.repeat(0x50000)}\r\n`)).toBe(413);
});

test('a refusal of the API arrives unchanged', async ({ stack }) => {
  const reply = await sendRequest(`${stack.uiUrl}/api/jobs`, 'POST', { 'x-multi-job': '1' }, '{"job_id":"a b","type":"simulation.load"}');
  expect(reply.status).toBe(422);
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'invalid_spec', errors: [{ pointer: '/job_id' }] });
});

test('pages carry a policy that lets nothing foreign in', async ({ page, stack }) => {
  const response = await page.goto('/');
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(response?.headers()['x-powered-by']).toBeUndefined();
  const foreign: string[] = [];
  page.on('request', (request) => !request.url().startsWith(stack.uiUrl) && foreign.push(request.url()));
  await page.reload();
  await expect(page.locator('[data-live=live]')).toBeVisible();
  expect(foreign.filter((url) => !url.startsWith('data:') && !url.startsWith('blob:'))).toEqual([]);
});

test('a dashboard that others can reach needs a key, although the API needs none from this machine', async ({ stack }) => {
  await withDashboard(stack, { UI_HOST: '0.0.0.0' }, async (url) => {
    expect((await sendRequest(`${url}/api/jobs`, 'GET', {})).status).toBe(401);
    expect((await sendRequest(`${url}/jobs?q=a`, 'GET', {})).status).toBe(307);
  });
});

const PROXY = { host: 'jobs.example.com', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', via: '1.1 proxy' };
const WRITE = { 'x-multi-job': '1', 'content-type': 'application/json' };
const NEW_KEY = JSON.stringify({ name: 'mallory', role: 'admin' });

test('a dashboard behind a proxy makes no key for people without one', async ({ stack }) => {
  await withDashboard(stack, { UI_ALLOWED_HOSTS: 'jobs.example.com' }, async (url) => {
    const callers: Record<string, string>[] = [PROXY, { host: 'jobs.example.com' }, {}];
    for (const headers of callers) {
      const reply = await sendRequest(`${url}/api/keys`, 'POST', { ...headers, ...WRITE }, NEW_KEY);
      expect(reply.status).toBe(401);
      expect(JSON.parse(reply.body).detail).toContain('multi-job keys create NAME --role admin');
    }
    expect((await sendRequest(`${url}/`, 'GET', PROXY)).status).toBe(307);
  });
  expect(await stack.api('GET', '/keys')).toEqual([]);
});

type Row = { name: string; peer?: string | null; server?: string | null; host?: string; headers?: Record<string, string>; keys?: string; settings?: object; dashboard: number | null };
const TABLE = JSON.parse(readFileSync(join(ROOT, 'tests/contract/exposure.json'), 'utf8')) as { base: { host: string }; rows: Row[] };

test('the dashboard follows the table of keyless requests', async ({ stack }) => {
  // Rows with their own sockets and settings; an unknown host name is refused earlier.
  const rows = TABLE.rows.filter((row) => row.dashboard !== null && !('peer' in row || 'server' in row || row.settings || row.keys));
  const seen: Record<string, number> = {};
  const wanted: Record<string, number> = {};
  for (const row of rows) {
    const host = row.host ?? TABLE.base.host;
    const isOurs = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host);
    wanted[row.name] = isOurs ? row.dashboard! : 421;
    seen[row.name] = (await sendRequest(`${stack.uiUrl}/api/jobs`, 'GET', { ...row.headers, host })).status;
  }
  expect(seen).toEqual(wanted);
  expect(rows.length).toBeGreaterThanOrEqual(45);
});

test('a proxy that only claims to be one gets nothing without a key', async ({ stack }) => {
  for (const name of ['Forwarded', 'X-Forwarded-For', 'X-Real-IP', 'Via', 'CF-Connecting-IP', 'True-Client-IP', 'X-Client-IP', 'X-Original-Host']) {
    const forged = { [name]: '127.0.0.1', 'X-Multi-Job-Peer': '127.0.0.1', 'X-Multi-Job-Forwarded': '' };
    expect((await sendRequest(`${stack.uiUrl}/api/jobs`, 'GET', forged)).status, name).toBe(401);
  }
  // AUTH=off for the dashboard alone: the API still sees the headers of the proxy.
  await withDashboard(stack, { AUTH: 'off' }, async (url) => {
    expect((await sendRequest(`${url}/api/jobs`, 'GET', {})).status).toBe(200);
    expect((await sendRequest(`${url}/api/keys`, 'POST', { 'x-forwarded-for': '203.0.113.9', ...WRITE }, NEW_KEY)).status).toBe(401);
  });
});
