import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { sendRequest } from './support/dashboard';
import { Stack, expect, test as base } from './support/fixtures';
import { OidcProvider } from './support/oidc';
import { PYTHON, ROOT } from './support/stack';

const ADMIN = randomBytes(16).toString('hex');

/** A platform on which a key is needed, and a provider that signs people in. */
const test = base.extend<object, { provider: OidcProvider; stack: Stack }>({
  provider: [
    async ({}, use) => {
      const provider = await new OidcProvider().start();
      await use(provider);
      provider.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  stack: [
    async ({ provider }, use) => {
      const stack = new Stack({ API_KEYS: `root:admin:${ADMIN}`, ...provider.settings });
      try {
        await stack.start();
        await provider.sendBackTo(stack.uiUrl);
        await use(stack);
      } finally {
        await stack.stop();
      }
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

const ANA = { sub: 'ana-1', preferred_username: 'ana', groups: ['staff'] };

test('a person signs in at the provider and is led to the page that was asked for', async ({ page, stack, provider, problems }) => {
  await provider.setAccount(ANA);
  await page.goto('/runs?status=failed');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await expect(page).toHaveURL(`${stack.uiUrl}/runs?status=failed`);
  await expect(page.locator('[data-live=live]')).toBeVisible();
  const me = (await (await page.request.get('/api/me')).json()) as { name: string; role: string };
  expect([me.name, me.role]).toEqual(['ana', 'operator']);
  const cookies = await page.context().cookies();
  const session = cookies.find((cookie) => cookie.name.startsWith('mj_session_'));
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(cookies.some((cookie) => cookie.name.includes('mj_oidc_'))).toBe(false);
  expect(problems).toEqual([]);
});

test('a person without a role reads why, and which groups the provider sent', async ({ page, provider }) => {
  await provider.setAccount({ ...ANA, sub: 'gus-1', groups: ['guests'] });
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'guests' })).toContainText('none of your groups has a role here');
  // The text came in a sealed cookie: an address alone shows none.
  await page.context().clearCookies();
  await page.goto('/sign-in?refused=1');
  await expect(page.getByRole('link', { name: 'Sign in with Example' })).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'refused' })).toHaveCount(0);
});

test('an answer of the provider is refused in a browser that did not begin the sign-in', async ({ page, browser, stack, provider }) => {
  await provider.setAccount(ANA);
  const attacker = await browser.newContext({ baseURL: stack.uiUrl });
  const began = await attacker.request.get('/session/oidc?next=/', { maxRedirects: 0 });
  expect(began.status()).toBe(303);
  let location = began.headers().location!;
  while (!location.startsWith(stack.uiUrl)) {
    const answer = await attacker.request.get(location, { maxRedirects: 0 });
    location = new URL(answer.headers().location!, location).href;
  }
  await page.goto(location);
  await expect(page.getByRole('alert').filter({ hasText: 'not begun in this browser' })).toBeVisible();
  expect((await page.request.get('/api/me')).status()).toBe(401);
  await attacker.close();
});

test('a page of another site begins no sign-in', async ({ stack }) => {
  const reply = await sendRequest(`${stack.uiUrl}/session/oidc?next=/runs`, 'GET', { 'sec-fetch-site': 'cross-site' });
  expect(reply.headers.location).toBe('/sign-in?next=%2Fruns');
  expect(reply.headers['set-cookie']).toBeUndefined();
});

test('without a provider that answers, the page says so and the key still works', async ({ page, stack }) => {
  const down = new Stack({ API_KEYS: `root:admin:${ADMIN}`, OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'a', OIDC_ROLES: '*=viewer' });
  expect(stack.uiUrl).not.toBe('');
  try {
    await down.start();
    await page.goto(`${down.uiUrl}/sign-in`);
    await page.getByRole('link', { name: 'Sign in with 127.0.0.1:9' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'Sign-in provider unavailable' })).toBeVisible();
    await page.getByLabel('API key').fill(ADMIN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.locator('[data-live=live]')).toBeVisible();
  } finally {
    await down.stop();
  }
});

test('a link of the command signs a person in, whose role an admin changes in the settings', async ({ page, browser, stack }) => {
  const environment = { ...process.env, PYTHONPATH: ROOT, ...stack.pythonEnvironment, PUBLIC_URL: stack.uiUrl };
  const made = execFileSync(PYTHON, ['-m', 'app.cli', 'keys', 'link', 'budi', '--role', 'viewer'], { env: environment, encoding: 'utf8' });
  const person = await (await browser.newContext({ baseURL: stack.uiUrl })).newPage();
  await person.goto(made.trim());
  await expect(person.locator('[data-live=live]')).toBeVisible();
  await page.goto('/settings');
  await page.getByLabel('API key').fill(ADMIN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.locator('[data-live=live]')).toBeVisible();
  const sessions = page.getByRole('table', { name: 'Signed-in browsers' });
  await expect(sessions.getByRole('row').filter({ hasText: 'budi' })).toContainText('by a link');
  const row = page.getByRole('table', { name: 'API keys and people' }).getByRole('row').filter({ hasText: 'budi' });
  await row.getByRole('button', { name: 'Change the role of budi' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Role').selectOption('operator');
  await dialog.getByRole('button', { name: 'Change the role of budi' }).click();
  await expect(row).toContainText('operator');
  await row.getByRole('button', { name: 'Remove budi' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove budi' }).click();
  await expect(row).toHaveCount(0);
  await expect(person).toHaveURL(/\/sign-in\?ended=1/);
});
