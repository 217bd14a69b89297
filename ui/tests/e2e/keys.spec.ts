import { createHash, randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from '@playwright/test';
import { Stack, expect, test as base } from './support/fixtures';
import { PAGES, fill, pathOf } from './support/pages';

const secret = () => randomBytes(16).toString('hex');
const KEYS = { viewer: secret(), operator: secret(), admin: secret() };
const TOKEN = `123456:canary${secret()}`;
type Role = keyof typeof KEYS;

/** A platform on which a key is needed. */
const test = base.extend<object, { stack: Stack }>({
  stack: [
    async ({}, use) => {
      const stack = new Stack({ API_KEYS: Object.entries(KEYS).map(([role, key]) => `${role}:${role}:${key}`).join(',') });
      const direct = stack.api.bind(stack);
      stack.api = (method, path, body, headers = {}) => direct(method, path, body, { authorization: `Bearer ${KEYS.admin}`, ...headers });
      try {
        await use(await stack.start());
      } finally {
        await stack.stop();
      }
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

async function signIn(page: Page, role: Role, key = KEYS[role]): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.locator('[data-live=live]')).toBeVisible();
}

test('a page asks for a key, a wrong one is refused in words, a right one leads to the page', async ({ page }) => {
  await page.goto('/runs?status=failed');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel('API key').fill('not-a-key');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible();
  await signIn(page, 'viewer');
  await expect(page).toHaveURL(/\/runs\?status=failed$/);
});

test('signing in leads to no other site', async ({ page, stack }) => {
  await page.goto('/sign-in?next=//evil.example/');
  await signIn(page, 'viewer');
  expect(page.url().startsWith(stack.uiUrl)).toBe(true);
});

test('a signed-out user must sign in again', async ({ page }) => {
  await page.goto('/');
  await signIn(page, 'operator');
  await page.getByRole('button', { name: 'Account and theme' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/jobs');
  await expect(page).toHaveURL(/\/sign-in/);
});

const VISIBLE_CONTROLS: Record<Role, { newJob: boolean; audit: boolean }> = {
  viewer: { newJob: false, audit: false },
  operator: { newJob: true, audit: false },
  admin: { newJob: true, audit: true },
};

for (const role of Object.keys(KEYS) as Role[]) {
  test(`${role}: only what the role allows is offered`, async ({ page }) => {
    await page.goto('/jobs');
    await signIn(page, role);
    await expect(page.getByRole('link', { name: /New job/ }).first()).toBeVisible({ visible: VISIBLE_CONTROLS[role].newJob });
    await expect(page.getByRole('link', { name: 'Audit log' })).toHaveCount(VISIBLE_CONTROLS[role].audit ? 1 : 0);
    await page.goto('/jobs/new');
    await expect(page.getByRole('button', { name: 'Create job' })).toHaveCount(VISIBLE_CONTROLS[role].newJob ? 1 : 0);
  });
}

/** Everything of a page that a script or another person at the machine could read. */
async function readable(page: Page, context: BrowserContext): Promise<string> {
  const inPage = await page.evaluate(() =>
    [document.documentElement.outerHTML, document.cookie, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })].join('\n'),
  );
  return `${inPage}\n${JSON.stringify(await context.cookies())}`;
}

test('no key and no secret is in any page, script, answer, storage or cookie', async ({ page, context, stack }) => {
  const filled = await fill(stack);
  await stack.api('PUT', '/connectors/telegram/accounts/canary', { secrets: { token: TOKEN }, enabled: false });
  await stack.api('PUT', '/secrets/canary', { value: TOKEN, hosts: ['shop.example'] });
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => {
    if (!response.url().includes('/events/stream')) bodies.push(response.text().catch(() => ''));
  });
  await page.goto('/');
  await signIn(page, 'admin');
  const seen: string[] = [];
  for (const path of PAGES) {
    await page.goto(pathOf(path, filled), { waitUntil: 'load' });
    await expect(page.locator('[data-live=live]')).toBeVisible();
    seen.push(await readable(page, context));
  }
  seen.push(...(await Promise.all(bodies)));
  expect(seen.length).toBeGreaterThan(PAGES.length * 2);
  for (const canary of [...Object.values(KEYS), TOKEN]) {
    const forms = [canary, Buffer.from(canary).toString('base64'), encodeURIComponent(canary), createHash('sha256').update(canary).digest('hex')];
    for (const form of forms) expect(seen.filter((text) => text.includes(form))).toEqual([]);
  }
  const session = (await context.cookies()).find((cookie) => cookie.name === `mj_session_${new URL(stack.uiUrl).port}`);
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
});
