import type { Page } from '@playwright/test';
import { expect, open, test } from './support/fixtures';

test.use({ platform: 'freshness' });

// A hung API is reported within 6 s; a fault's bound is asserted at twice its value.
const REPORTED_MS = 12_000;
const RECOVERY_MS = 12_000;
const CLOCK = String.raw`\d\d:\d\d:\d\d \S+`;

const bar = (page: Page) => page.locator('[data-trouble]');
const live = (page: Page) => page.locator('[data-live=live]');

/** The elements in the colour of "ok", in the content and the header. */
async function okColoured(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('span'));
    const colours = ['--st-ok', '--st-ok-t', '--st-ok-bg'].map((name) => {
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    });
    probe.remove();
    return [...document.querySelectorAll('main *, header *')]
      .filter((element) => {
        const { color, backgroundColor } = getComputedStyle(element);
        return element.getClientRects().length > 0 && (colours.includes(color) || colours.includes(backgroundColor));
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

test.beforeAll(async ({ stack }) => {
  await stack.api('POST', '/jobs', { job_id: 'freshness', type: 'simulation.load', inputs: { duration_ms: 5 } });
  const { run_id: run } = await stack.api<{ run_id: string }>('POST', '/jobs/freshness/run');
  await stack.untilRun(run, 'success');
});

test('a hung API is reported with the age of the data, nothing stays green, and it comes back live', async ({ page, stack, problems }) => {
  await open(page, '/');
  const services = page.getByRole('list', { name: 'Services' });
  await expect(services.locator('[data-state=ok]')).toHaveCount(5);
  expect(await okColoured(page)).not.toEqual([]);
  await expect(page.locator('[data-age]')).toHaveText(/^[0-4]s$/);
  const hungAt = Date.now();
  stack.hang('api');
  await expect(bar(page)).toBeVisible({ timeout: REPORTED_MS });
  console.log(`a hung API is reported after ${Date.now() - hungAt} ms`);
  await expect(bar(page)).toHaveAttribute('data-trouble', 'api_hung');
  await expect(bar(page)).toHaveText(new RegExp(`The API has not answered since ${CLOCK}.*Shown: data of ${CLOCK}.*\\(\\d+s old\\)`));
  await expect(bar(page)).toContainText('multi-job doctor');
  await expect(page.locator('[data-live=stale]')).toHaveText('Not live');
  await expect(services.locator('[data-state=unknown]')).toHaveCount(5);
  await expect(services).toContainText(new RegExp(`Unknown since ${CLOCK}`));
  expect(await okColoured(page)).toEqual([]);
  // The age ticks, but the announced text does not change each second: it names an instant, not an age.
  const announced = bar(page).locator('[aria-live=polite]');
  await expect(announced).toHaveText(new RegExp(`has not answered since ${CLOCK}`));
  await expect(announced).not.toHaveText(/\d+s/);
  await expect(page.locator('[data-age]')).toHaveText(/^[1-5]\ds$/);
  await expect(announced).not.toHaveText(/\d+s/);
  const backAt = Date.now();
  stack.goOn('api');
  await expect(live(page)).toBeVisible({ timeout: RECOVERY_MS });
  console.log(`it is live again after ${Date.now() - backAt} ms`);
  await expect(bar(page)).toHaveCount(0);
  await expect(services.locator('[data-state=ok]')).toHaveCount(5);
  expect(problems).toEqual([]);
});

test('a page that is opened while the API hangs shows its error and keeps it, until it has data', async ({ page, stack }) => {
  await open(page, '/');
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const look = () => {
      const main = document.querySelector('main');
      const kind = main?.querySelector('[data-kind=outage]') ? 'error' : main?.querySelector('[aria-busy=true]') ? 'skeleton' : '';
      if (location.pathname === '/audit' && kind && seen.at(-1) !== kind) seen.push(kind);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  stack.hang('api');
  await page.getByRole('link', { name: 'Audit log' }).click();
  await expect(page.locator('main [data-kind=outage]')).toBeVisible({ timeout: 20_000 });
  // Several attempts: automatic ones and one by hand.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await page.locator('main').getByRole('button', { name: 'Try again' }).click();
    await page.waitForResponse((response) => response.url().includes('/api/audit') && response.status() === 504);
  }
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(seen.filter((kind, index) => kind === 'skeleton' && index > 0)).toEqual([]);
  expect(seen.at(-1)).toBe('error');
  stack.goOn('api');
  await expect(page.locator('main [data-kind=outage]')).toBeHidden({ timeout: RECOVERY_MS });
  await expect(live(page)).toBeVisible({ timeout: RECOVERY_MS });
});

test('figures that were not read never claim that all is well', async ({ page, stack }) => {
  stack.hang('api');
  await page.goto('/');
  const letters = page.locator('[data-count=dead_letter]');
  await expect(letters).toContainText('–');
  for (const claim of ['all decided', 'none waiting', 'none due', 'All is well', 'No incident is open']) {
    await expect(page.getByText(claim), claim).toHaveCount(0);
  }
  expect(await okColoured(page)).toEqual([]);
  await expect(bar(page)).toContainText('No data has been read yet.', { timeout: REPORTED_MS });
  stack.goOn('api');
  await expect(letters).toContainText('all decided', { timeout: RECOVERY_MS });
  await expect(live(page)).toBeVisible({ timeout: RECOVERY_MS });
});

test('an API that is gone, a Redis that is away and a browser without a network are distinguished', async ({ page, stack }) => {
  await open(page, '/workers');
  await stack.kill('api');
  await expect(bar(page)).toHaveAttribute('data-trouble', 'api_away', { timeout: REPORTED_MS });
  await expect(bar(page)).toContainText('The API has been unreachable since');
  await expect(page.locator('main [data-state=unknown]').first()).toBeVisible();
  stack.run('api');
  await expect(live(page)).toBeVisible({ timeout: 30_000 });
  await page.context().setOffline(true);
  await expect(bar(page)).toHaveAttribute('data-trouble', 'offline', { timeout: REPORTED_MS });
  await page.context().setOffline(false);
  await expect(live(page)).toBeVisible({ timeout: RECOVERY_MS });
  await stack.kill('redis', 'SIGTERM');
  await expect(bar(page)).toHaveAttribute('data-trouble', 'redis', { timeout: 30_000 });
  await expect(page.locator('[data-live=degraded]')).toBeVisible();
  stack.run('redis');
  await expect(live(page)).toBeVisible({ timeout: 30_000 });
  await expect(bar(page)).toHaveCount(0);
});

test('a dashboard server that is gone differs from a hung API', async ({ page, stack }) => {
  await open(page, '/runs');
  await stack.kill('ui');
  await expect(bar(page)).toHaveAttribute('data-trouble', 'dashboard', { timeout: REPORTED_MS });
  stack.run('ui');
  await expect(live(page)).toBeVisible({ timeout: 20_000 });
});

test('a hidden tab asks for nothing, and is current again once it is seen', async ({ page, stack }) => {
  await open(page, '/jobs/freshness');
  const show = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await show(true);
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/api/') && asked.push(request.url()));
  const { run_id: run } = await stack.api<{ run_id: string }>('POST', '/jobs/freshness/run');
  await stack.untilRun(run, 'success');
  await expect(page.locator('[data-age]')).toHaveText(/^([7-9]|1\d)s$/);
  expect(asked).toEqual([]);
  await show(false);
  await expect(live(page)).toBeVisible();
  await expect(page.locator('[data-age]')).toHaveText(/^[0-3]s$/);
  expect(asked.some((url) => url.endsWith('/api/healthz'))).toBe(true);
});

test('a page loads once more if a script of it did not arrive, and not for ever', async ({ page, stack }) => {
  const documents: string[] = [];
  page.on('request', (request) => request.isNavigationRequest() && documents.push(request.url()));
  let lost = 1;
  await page.route('**/_next/static/chunks/*.js', (route) => (lost-- > 0 ? route.abort('connectionaborted') : route.continue()));
  await page.goto(`${stack.uiUrl}/`);
  await expect(live(page)).toBeVisible();
  expect(documents).toHaveLength(2);
  lost = Infinity;
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(`${stack.uiUrl}/jobs`);
  await expect.poll(() => documents.length).toBe(4);
  await page.waitForLoadState('load');
  expect(documents).toHaveLength(4);
});
