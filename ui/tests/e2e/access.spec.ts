import { request as http } from 'node:http';
import { Stack, expect, test } from './support/fixtures';

test.use({ platform: 'access' });

type Reply = { status: number; body: string };

/** A request as no browser would send it. */
function raw(url: string, method: string, headers: Record<string, string>, body = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = http(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('a foreign Host is refused, for pages and for the API', async ({ stack }) => {
  for (const path of ['/', '/api/jobs', '/session', '/healthz']) {
    const reply = await raw(`${stack.uiUrl}${path}`, 'GET', { host: 'evil.example:3000' });
    expect(reply.status, path).toBe(421);
  }
});

test('a foreign page can neither write nor read', async ({ stack }) => {
  const json = { 'content-type': 'application/json' };
  const spec = JSON.stringify({ job_id: 'from-elsewhere', type: 'simulation.load' });
  const refused = [
    await raw(`${stack.uiUrl}/api/jobs`, 'POST', { ...json, origin: 'http://evil.example', 'x-multi-job': '1' }, spec),
    await raw(`${stack.uiUrl}/api/jobs`, 'POST', { ...json, 'sec-fetch-site': 'cross-site', 'x-multi-job': '1' }, spec),
    // A form of any web page can send this one: it lacks our header.
    await raw(`${stack.uiUrl}/api/jobs`, 'POST', { 'content-type': 'text/plain' }, spec),
    await raw(`${stack.uiUrl}/session`, 'POST', { ...json, origin: 'http://evil.example' }, '{"key":"x"}'),
    await raw(`${stack.uiUrl}/api/jobs`, 'GET', { 'sec-fetch-site': 'cross-site' }),
  ];
  expect(refused.map((reply) => reply.status)).toEqual([403, 403, 403, 403, 403]);
  expect(await stack.api('GET', '/jobs')).toEqual([]);
});

test('only operations of the API are forwarded', async ({ stack }) => {
  const paths = ['/api/metrics', '/api/nothing', '/api/webhooks/telegram/a', '/api/openapi.json', '/api/jobs/%2e%2e/x'];
  for (const path of paths) {
    expect((await raw(`${stack.uiUrl}${path}`, 'GET', {})).status, path).toBe(404);
  }
  expect((await raw(`${stack.uiUrl}/api/jobs`, 'GET', {})).status).toBe(200);
});

test('a body that is too large is refused before it is forwarded', async ({ stack }) => {
  const body = JSON.stringify({ job_id: 'large', type: 'simulation.load', description: 'x'.repeat(300_000) });
  const reply = await raw(`${stack.uiUrl}/api/jobs`, 'POST', { 'x-multi-job': '1', 'content-type': 'application/json' }, body);
  expect(reply.status).toBe(413);
});

test('what the API refuses arrives as it said it', async ({ stack }) => {
  const reply = await raw(`${stack.uiUrl}/api/jobs`, 'POST', { 'x-multi-job': '1' }, '{"job_id":"a b","type":"simulation.load"}');
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

test('a dashboard that others can reach asks for a key, though the API asks this machine for none', async () => {
  const stack = new Stack({}, { HOSTNAME: '0.0.0.0' });
  try {
    await stack.start();
    const reply = await raw(`${stack.uiUrl}/api/jobs`, 'GET', {});
    expect(reply.status).toBe(401);
    const page = await raw(`${stack.uiUrl}/jobs?q=a`, 'GET', {});
    expect(page.status).toBe(307);
  } finally {
    await stack.stop();
  }
});
