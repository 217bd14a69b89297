import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { sendRequest } from './support/dashboard';
import { freePort, PYTHON, ROOT, Stack } from './support/stack';

// Until there is a key, the dashboard serves the user who runs the API; AUTH=key asks also that user to sign in.
const NOBODY = 65_534;
const PAGES = ['/', '/jobs', '/settings', '/audit'];
const READS = ['/api/me', '/api/jobs', '/api/keys', '/api/secrets', '/api/audit', '/api/platform'];
const isRoot = process.getuid?.() === 0;

type Stacks = { open: Stack; closed: Stack };
const test = base.extend<object, { stacks: Stacks }>({
  stacks: [
    async ({}, use) => {
      const stacks = { open: new Stack(), closed: new Stack({ AUTH: 'key' }, { AUTH: 'key' }) };
      try {
        await stacks.open.start();
        await stacks.closed.start();
        await use(stacks);
      } finally {
        await stacks.open.stop();
        await stacks.closed.stop();
      }
    },
    { scope: 'worker', timeout: 600_000 },
  ],
});

/** The status of a request that a process of another user makes. */
function statusForUser(uid: number, url: string, method = 'GET'): number {
  const code = `fetch(${JSON.stringify(url)}, { method: '${method}', redirect: 'manual', headers: { 'x-multi-job': '1' } })
    .then((answer) => process.stdout.write(String(answer.status)))`;
  return Number(execFileSync(process.execPath, ['-e', code], { uid, gid: uid, encoding: 'utf8', cwd: '/' }));
}

/** Run an nginx that passes everything on and adds no header, for as long as `use` takes. */
async function behindNginx(target: string, use: (url: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'multi-job-nginx-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(folder, name));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; user www-data; pid ${folder}/pid; error_log stderr; events {}
     http { access_log off; ${temporary.join(' ')} server { listen 127.0.0.1:${port}; location / { proxy_pass ${target}; } } }`,
  );
  const log = openSync(join(folder, 'log'), 'a');
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  const child: ChildProcess = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { env, stdio: ['ignore', log, log] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  try {
    await expect(async () => void (await sendRequest(`http://127.0.0.1:${port}/healthz`, 'GET', {}))).toPass();
    await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true });
  }
}

/** What `multi-job` prints for a platform. */
function command(stack: Stack, ...words: string[]): string {
  const env = { ...process.env, ...stack.environment(), PYTHONPATH: ROOT, LC_ALL: 'C.UTF-8' };
  return execFileSync(PYTHON, ['-m', 'app.cli', ...words], { cwd: stack.home, env, encoding: 'utf8' }).trim();
}

test('the user who runs the API needs no key', async ({ stacks }) => {
  for (const path of ['/api/me', '/api/jobs', '/jobs']) {
    expect((await sendRequest(`${stacks.open.uiUrl}${path}`, 'GET', {})).status, path).toBe(200);
  }
});

test('another user of the machine gets the sign-in page and no data', ({ stacks }) => {
  test.skip(!isRoot, 'only root has other users');
  for (const path of READS) expect(statusForUser(NOBODY, `${stacks.open.uiUrl}${path}`), path).toBe(401);
  for (const path of PAGES) expect(statusForUser(NOBODY, `${stacks.open.uiUrl}${path}`), path).toBe(307);
  expect(statusForUser(NOBODY, `${stacks.open.uiUrl}/api/pause`, 'POST')).toBe(401);
});

test('a plain nginx opens neither the dashboard nor the API', async ({ stacks }) => {
  test.skip(!isRoot, 'only root has other users');
  await behindNginx(stacks.open.uiUrl, async (url) => {
    for (const path of READS) expect((await sendRequest(`${url}${path}`, 'GET', {})).status, path).toBe(401);
    for (const path of PAGES) expect((await sendRequest(`${url}${path}`, 'GET', {})).status, path).toBe(307);
    const table = JSON.parse(readFileSync(join(ROOT, 'tests/contract/exposure.json'), 'utf8')) as {
      rows: { name: string; host?: string; headers?: Record<string, string> }[];
    };
    for (const { name, host, headers } of table.rows) {
      const { status } = await sendRequest(`${url}/api/jobs`, 'GET', { ...(host === undefined ? {} : { host }), ...headers });
      expect([400, 401], name).toContain(status);
    }
    const made = await sendRequest(`${url}/api/keys`, 'POST', { 'x-multi-job': '1' }, '{"name":"stranger","role":"admin"}');
    expect(made.status).toBe(401);
  });
  await behindNginx(stacks.open.apiUrl, async (url) => {
    for (const path of READS) expect((await sendRequest(`${url}${path.slice(4)}`, 'GET', {})).status, path).toBe(401);
  });
});

test('a link of multi-job open signs in once', async ({ stacks, browser }) => {
  const stack = stacks.closed;
  const page = await browser.newPage();
  await page.goto(`${stack.uiUrl}/jobs`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expect(page.getByText('multi-job open')).toBeVisible();
  const link = command(stack, 'open').replace(/^http:\/\/[^/]+/, stack.uiUrl);
  expect(link).toMatch(/\/open#[\w-]{32}$/);
  await page.goto(link);
  await expect(page.locator('[data-live=live]')).toBeVisible();
  expect(page.url()).not.toContain('#');
  const other = await browser.newPage();
  await other.goto(link);
  await expect(other.locator('main').getByRole('alert')).toContainText('This link was used');
  await other.goto(`${stack.uiUrl}/open`);
  await expect(other.locator('main').getByRole('alert')).toContainText('no code');
  // The first key ends this session, and signs its creator in with the key.
  await page.goto(`${stack.uiUrl}/settings`);
  const late = command(stack, 'open').replace(/^http:\/\/[^/]+/, stack.uiUrl);
  command(stack, 'keys', 'create', 'root', '--role', 'admin');
  await expect(async () => {
    await page.goto(`${stack.uiUrl}/jobs`);
    await expect(page).toHaveURL(/\/sign-in/, { timeout: 1_000 });
  }).toPass();
  await other.goto(late);
  await expect(other.locator('main').getByRole('alert')).toContainText('has keys now');
  await page.close();
  await other.close();
});
