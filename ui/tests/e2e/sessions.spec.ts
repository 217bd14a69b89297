import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { sendRequest, withDashboard, type Reply } from './support/dashboard';
import { Stack, expect, test as base } from './support/fixtures';
import type { Json } from './support/stack';

const ADMIN = randomBytes(16).toString('hex');
const OWN = { 'x-multi-job': '1', 'content-type': 'application/json' };
// The API guarantees 2 s; the page then asks once more.
const BOUND_MS = 6_000;

/** A platform on which a key is needed. */
const test = base.extend<object, { stack: Stack }>({
  stack: [
    async ({}, use) => {
      const stack = new Stack({ API_KEYS: `admin:admin:${ADMIN}` });
      const direct = stack.api.bind(stack);
      stack.api = (method, path, body, headers = {}) => direct(method, path, body, { authorization: `Bearer ${ADMIN}`, ...headers });
      try {
        await use(await stack.start());
      } finally {
        await stack.stop();
      }
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

type Made = { id: string; key: string };
type Act = { action: string; actor: string; origin: string; outcome: string };

const newKey = (stack: Stack, name: string) => stack.api<Made>('POST', '/keys', { name, role: 'viewer' });

async function signIn(page: Page, key: string, path = '/runs'): Promise<void> {
  await page.goto(path);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.locator('[data-live=live]')).toBeVisible();
}

const post = (url: string, key: string, headers: Record<string, string> = {}): Promise<Reply> =>
  sendRequest(`${url}/session`, 'POST', { ...OWN, ...headers }, JSON.stringify({ key }));

const cookieOf = (reply: Reply) => String(reply.headers['set-cookie']).split(';', 1)[0]!;

test('a revoked key leads its open pages to the sign-in', async ({ page, stack }) => {
  const key = await newKey(stack, 'revoked');
  await signIn(page, key.key);
  await stack.api('DELETE', `/keys/${key.id}`);
  await expect(page).toHaveURL(/\/sign-in\?ended=1&next=%2Fruns/, { timeout: BOUND_MS });
});

test('a session is listed and revoked in the settings, and ends in its browser', async ({ page, browser, stack }) => {
  const other = await (await browser.newContext({ baseURL: stack.uiUrl })).newPage();
  await signIn(other, (await newKey(stack, 'guest')).key);
  await signIn(page, ADMIN, '/settings');
  const table = page.getByRole('table', { name: 'Signed-in browsers' });
  const guests = table.getByRole('row').filter({ hasText: 'guest' });
  await expect(guests).toContainText('Chrome · Linux');
  await expect(guests).toContainText('127.0.0.1');
  await expect(table.getByRole('row').filter({ hasText: 'this one' })).toContainText('admin');
  await guests.getByRole('button', { name: /Revoke/ }).click();
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).getByRole('button', { name: /Revoke/ }).click();
  await expect(guests).toHaveCount(0);
  await expect(other).toHaveURL(/\/sign-in\?ended=1/, { timeout: BOUND_MS });
  await expect(page.locator('[data-live=live]')).toBeVisible();
  await other.context().close();
});

test('signing out ends the session, even for a kept cookie', async ({ stack }) => {
  const { key } = await newKey(stack, 'leaver');
  const cookie = cookieOf(await post(stack.uiUrl, key));
  expect((await sendRequest(`${stack.uiUrl}/api/me`, 'GET', { cookie })).status).toBe(200);
  expect((await sendRequest(`${stack.uiUrl}/session`, 'DELETE', { ...OWN, cookie })).status).toBe(204);
  expect((await sendRequest(`${stack.uiUrl}/api/me`, 'GET', { cookie })).status).toBe(401);
  expect((await stack.api<Json[]>('GET', '/sessions')).filter((each) => each.name === 'leaver')).toEqual([]);
});

test('the cookie has the port in its name, and is Secure on https', async ({ stack }) => {
  const { host, port } = new URL(stack.uiUrl);
  const plain = String((await post(stack.uiUrl, ADMIN, { origin: `http://${host}`, 'x-forwarded-proto': 'https' })).headers['set-cookie']);
  expect(plain).toMatch(new RegExp(`^mj_session_${port}=`));
  expect(plain).not.toMatch(/secure/i);
  const secure = String((await post(stack.uiUrl, ADMIN, { origin: `https://${host}` })).headers['set-cookie']);
  expect(secure).toMatch(/; secure/i);
  // Another installation on this machine is not signed out by this one.
  await withDashboard(stack, {}, async (url) => {
    const other = cookieOf(await post(url, ADMIN));
    expect(other.split('=', 1)[0]).not.toBe(`mj_session_${port}`);
  });
});

test('the audit has the address of the person, and never a stranger’s word', async ({ stack }) => {
  const origins = async () =>
    (await stack.api<Act[]>('GET', '/audit?limit=20')).filter((act) => act.action === 'create_session').map((act) => act.origin);
  await post(stack.uiUrl, ADMIN, { 'x-forwarded-for': '8.8.8.8', 'x-multi-job-origin': '8.8.8.8;1;0', 'x-multi-job-address': '8.8.8.8' });
  expect((await origins())[0]).toBe('127.0.0.1');
  const secret = { UI_SESSION_SECRET_FILE: `${stack.home}/runtime-data/ui-session.key` };
  await withDashboard(stack, { ...secret, TRUSTED_PROXIES: '127.0.0.1' }, async (url) => {
    await post(url, 'not-a-key', { 'x-forwarded-for': '8.8.8.8, 203.0.113.9' });
    await post(url, ADMIN, { 'x-forwarded-for': '8.8.8.8, 203.0.113.9' });
  });
  expect((await origins()).slice(0, 2)).toEqual(['203.0.113.9', '203.0.113.9']);
});

test('a key is rotated in the settings, and the new one works', async ({ page, stack }) => {
  await newKey(stack, 'rotated');
  await signIn(page, ADMIN, '/settings');
  await page.getByRole('button', { name: 'Rotate rotated' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('The old key ends').selectOption('0');
  await dialog.getByRole('button', { name: 'Rotate rotated' }).click();
  const key = (await page.locator('[data-new-key]').textContent())!;
  expect((await stack.api<{ name: string }>('GET', '/me', undefined, { authorization: `Bearer ${key}` })).name).toBe('rotated');
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  await expect(page.getByRole('table', { name: 'API keys' }).getByRole('row').filter({ hasText: 'expired' })).toHaveCount(1);
});
