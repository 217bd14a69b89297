import { randomBytes } from 'node:crypto';
import { Agent, request, type RequestOptions } from 'node:https';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { expect, test as base } from '@playwright/test';
import { KINDS, NAME, programOf, Proxy, type Kind } from './support/proxies';
import { Stack } from './support/stack';

const ADMIN = randomBytes(16).toString('hex');
/** The address of a client: the proxies themselves are 127.0.0.1. */
const CLIENT = '127.0.0.9';
const FORGED = '198.51.100.7';
const installed = KINDS.filter((kind) => programOf(kind) !== null);

type Fronts = Record<Kind, Proxy>;
type Act = { action: string; origin: string };

const test = base.extend<object, { stack: Stack; fronts: Fronts }>({
  launchOptions: [
    async ({}, use, { project }) => {
      const { launchOptions } = project.use;
      await use({ ...launchOptions, args: [...(launchOptions?.args ?? []), `--host-resolver-rules=MAP ${NAME} 127.0.0.1`] });
    },
    { scope: 'worker' },
  ],
  fronts: [async ({ stack }, use) => use((stack as Stack & { fronts: Fronts }).fronts), { scope: 'worker' }],
  stack: [
    async ({}, use) => {
      const settings = { API_KEYS: `root:admin:${ADMIN}`, TRUSTED_PROXIES: '127.0.0.1', ALLOWED_HOSTS: NAME };
      const behind: Record<string, string> = { TRUSTED_PROXIES: '127.0.0.1' };
      const stack = new Stack({ ...settings, PUBLIC_URL: `https://${NAME}` }, behind);
      const fronts = Object.fromEntries(await Promise.all(installed.map(async (kind) => [kind, await Proxy.choosePorts(kind, stack.home)]))) as Fronts;
      behind.UI_ALLOWED_HOSTS = Object.values(fronts).map(({ port }) => `${NAME}:${port}`).join(',');
      try {
        await stack.start();
        const [api, dashboard] = [stack.apiUrl, stack.uiUrl].map((url) => Number(new URL(url).port));
        for (const front of Object.values(fronts)) await front.start(api!, dashboard!);
        for (const front of Object.values(fronts)) await stack.until(async () => (await send(front, '/healthz')).status === 200, front.url);
        await use(Object.assign(stack, { fronts }));
      } finally {
        for (const front of Object.values(fronts)) await front.stop();
        await stack.stop();
      }
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

type Reply = { status: number; headers: IncomingMessage['headers']; body: string };
type Sent = { method?: string; headers?: Record<string, string>; body?: string; until?: RegExp; onOpen?: () => void };

/** Send a request through a proxy from CLIENT. A stream calls `onOpen` at its first data and ends at a text (`until`). */
function send(front: Proxy, path: string, { method = 'GET', headers = {}, body = '', until, onOpen }: Sent = {}): Promise<Reply> {
  const options: RequestOptions = { host: '127.0.0.1', port: front.port, localAddress: CLIENT, servername: NAME, path, method };
  const sent = { ...options, headers: { host: `${NAME}:${front.port}`, ...headers }, rejectUnauthorized: false, agent: new Agent() };
  return new Promise((resolve, reject) => {
    const made = request(sent, (answer) => {
      let text = '';
      const end = () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
      answer.once('data', () => onOpen?.());
      answer.on('data', (chunk) => {
        text += String(chunk);
        if (until?.test(text)) {
          end();
          made.destroy();
        }
      });
      answer.on('end', end);
    });
    made.on('error', reject);
    made.end(body);
  });
}

const key = { authorization: `Bearer ${ADMIN}` };
const json = { 'content-type': 'application/json' };

for (const kind of KINDS) {
  test.describe(`behind ${kind}`, () => {
    // In CI a program that is missing is a failure of its tests.
    test.skip(!process.env.CI && !installed.includes(kind), `${kind} is not installed`);

    test('people sign in and see live pages', async ({ browser, stack, fronts }) => {
      const front = fronts[kind];
      const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: front.url });
      try {
        const page = await context.newPage();
        await page.goto('/jobs');
        await expect(page).toHaveURL(/\/sign-in\?next=/);
        await page.getByLabel('API key').fill(ADMIN);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.locator('[data-live=live]')).toBeVisible();
        const [session] = (await context.cookies()).filter((each) => each.name.startsWith('mj_session'));
        expect(session).toMatchObject({ secure: true, httpOnly: true });
        // The page learns of a job by its stream, which no buffer holds back.
        await stack.api('POST', '/jobs', { job_id: `live-${kind}`, type: 'simulation.load' }, key);
        // A list that is not empty names the number of new jobs.
        await expect(page.getByText(`live-${kind}`).or(page.getByRole('button', { name: /^\d+ new job/ })).first()).toBeVisible();
      } finally {
        await context.close();
      }
    });

    test('programs call the API below /rest with a key, and follow its links', async ({ fronts }) => {
      const front = fronts[kind];
      expect((await send(front, '/rest/jobs')).status).toBe(401);
      for (const name of ['one', 'two']) {
        const body = JSON.stringify({ job_id: `${name}-${kind}`, type: 'simulation.load' });
        const made = await send(front, '/rest/jobs', { method: 'POST', headers: { ...key, ...json }, body });
        expect([made.status, made.headers.location]).toEqual([201, `/rest/jobs/${name}-${kind}`]);
      }
      const first = await send(front, '/rest/jobs?limit=1', { headers: key });
      const next = /^<(\/rest\/jobs\?[^>]+)>; rel="next"$/.exec(String(first.headers.link));
      expect(next, String(first.headers.link)).not.toBeNull();
      expect((await send(front, next![1]!, { headers: key })).status).toBe(200);
    });

    test('an event stream arrives while it is open', async ({ fronts }) => {
      const front = fronts[kind];
      let opened: Promise<Reply> | undefined;
      await new Promise<void>((onOpen) => {
        opened = send(front, '/rest/events/stream', { headers: key, until: new RegExp(`streamed-${kind}`), onOpen });
      });
      const body = JSON.stringify({ job_id: `streamed-${kind}`, type: 'simulation.load' });
      const make = () => send(front, '/rest/jobs', { method: 'POST', headers: { ...key, ...json }, body });
      const run = () => send(front, `/rest/jobs/streamed-${kind}/run`, { method: 'POST', headers: { ...key, ...json }, body: '{}' });
      expect((await make()).status).toBe(201);
      expect((await run()).status).toBeLessThan(300);
      const stream = (await opened)!;
      expect(stream.headers['content-type']).toContain('text/event-stream');
    });

    test('a forged address is believed by neither server', async ({ stack, fronts }) => {
      const forged = { 'x-forwarded-for': FORGED, forwarded: `for=${FORGED}`, 'x-real-ip': FORGED, 'x-forwarded-host': 'evil.example' };
      const front = fronts[kind];
      const body = JSON.stringify({ job_id: `forged-${kind}`, type: 'simulation.load' });
      expect((await send(front, '/rest/jobs', { method: 'POST', headers: { ...key, ...json, ...forged }, body })).status).toBe(201);
      const own = { ...json, 'x-multi-job': '1', origin: front.url };
      const signedIn = await send(front, '/session', { method: 'POST', headers: { ...own, ...forged }, body: JSON.stringify({ key: ADMIN }) });
      expect(signedIn.status).toBeLessThan(300);
      const acts = await stack.api<Act[]>('GET', '/audit?limit=5', undefined, key);
      expect(acts.slice(0, 2).map((act) => [act.action, act.origin])).toEqual([
        ['create_session', CLIENT],
        ['create_job', CLIENT],
      ]);
      // Without a key a loopback address in a header opens nothing.
      expect((await send(front, '/rest/jobs', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(401);
      expect((await send(front, '/api/jobs', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(401);
    });

    test('pings, webhooks and status pages need no key; other names and large bodies are refused', async ({ fronts }) => {
      const front = fronts[kind];
      const spec = JSON.stringify({ job_id: `beat-${kind}`, type: 'monitor.heartbeat', inputs: { period_sec: 86_400 } });
      await send(front, '/rest/jobs', { method: 'POST', headers: { ...key, ...json }, body: spec });
      const { url, path } = JSON.parse((await send(front, `/rest/pings/beat-${kind}`, { headers: key })).body) as { url: string; path: string };
      expect(url).toBe(`https://${NAME}${path}`);
      expect((await send(front, path)).body).toBe('OK');
      const page = JSON.stringify({ title: 'Toko Maju', monitors: [{ job_id: `beat-${kind}`, name: 'Backup' }], published: true });
      expect((await send(front, `/rest/status-pages/${kind}`, { method: 'PUT', headers: { ...key, ...json }, body: page })).status).toBe(200);
      const shown = await send(front, `/status/${kind}`, { headers: { accept: 'text/html' } });
      expect([shown.status, shown.body.includes('Toko Maju')]).toEqual([200, true]);
      expect((await send(front, '/webhooks/whatsapp/none')).headers['content-type']).toContain('application/problem+json');
      const large = { method: 'POST', headers: { ...key, ...json }, body: 'x'.repeat(400_000) };
      expect((await send(front, '/rest/jobs', large)).status).toBe(413);
      const other = await send(front, '/', { headers: { host: 'evil.example' } }).catch(() => ({ status: 0 }));
      expect([0, 200, 404, 421]).toContain(other.status);
      expect('body' in other ? other.body : '').toBe('');
    });

    test('answers have the headers of a public site', async ({ fronts }) => {
      const front = fronts[kind];
      const page = await send(front, '/sign-in');
      expect(page.status).toBe(200);
      expect(page.headers).toMatchObject({
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
      });
      expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(page.headers.server ?? 'nginx').toBe('nginx');
      // A status page is public: its absence is the API's own answer.
      const status = await send(front, '/status/nothing-here');
      expect([status.status, status.headers['x-content-type-options']]).toEqual([404, 'nosniff']);
      const plain = await new Promise<IncomingMessage>((resolve, reject) => {
        const options = { host: '127.0.0.1', port: front.plainPort, path: '/jobs?q=a', headers: { host: NAME } };
        plainRequest(options, (answer) => resolve(answer.resume())).on('error', reject).end();
      });
      expect(plain.statusCode).toBe(308);
      expect(plain.headers.location).toMatch(new RegExp(`^https://${NAME}(:\\d+)?/jobs\\?q=a$`));
    });
  });
}
