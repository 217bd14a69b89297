import { join } from 'node:path';
import { overflow } from './support/accessible';
import { expect, open, test, uniqueId } from './support/fixtures';

test.use({ platform: 'operate' });

const PHONE = { width: 390, height: 844 };

test('the palette pauses the platform, every page says so, and the bar resumes it', async ({ page, stack, problems }) => {
  await open(page, '/runs');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or run a command' }).fill('pause everything');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Pause everything?' });
  await dialog.getByLabel('Reason').fill('pindah server');
  await dialog.getByRole('button', { name: 'Pause everything' }).click();
  const bar = page.locator('[data-paused=all]');
  await expect(bar).toContainText('The platform is paused.');
  await page.setViewportSize(PHONE);
  await page.context().addCookies([{ name: 'mj_lang', value: 'id', url: stack.uiUrl }]);
  await open(page, '/settings');
  await expect(bar).toContainText('Platform sedang dijeda.');
  await expect(bar).toContainText('pindah server');
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await bar.getByRole('button', { name: 'Lanjutkan' }).click();
  await expect(bar).toHaveCount(0);
  expect((await stack.api<{ paused: unknown[] }>('GET', '/queue')).paused).toEqual([]);
  expect(problems).toEqual([]);
});

test('a run says what happened to it: attempts, back-off, tool calls, result', async ({ page, stack, problems }) => {
  const id = uniqueId('operate-log');
  const retry_policy = { max_retry: 1, backoff_sec: [0.2] };
  await stack.api('POST', '/jobs', { job_id: id, type: 'e2e.switch', inputs: { file: join(stack.home, 'never') }, retry_policy });
  await stack.api('POST', '/jobs', { job_id: `${id}-backup`, type: 'backup.export' });
  const started = async (job: string) => (await stack.api<{ run_id: string }>('POST', `/jobs/${job}/run`)).run_id;
  const [failed, backup] = [await started(id), await started(`${id}-backup`)];
  await stack.untilRun(failed, 'failed');
  await stack.untilRun(backup, 'success');
  await open(page, `/runs/${failed}`);
  const log = page.locator('[data-log]');
  await expect(log).toContainText('Back-off: attempt 2 began');
  await expect(log.locator('[data-source=platform]').first()).toBeVisible();
  await page.getByRole('textbox', { name: 'Search in the log' }).fill('attempt 2 failed');
  await expect(log.locator('mark')).toHaveText('Attempt 2 failed');
  await page.setViewportSize(PHONE);
  await open(page, `/runs/${backup}`);
  await expect(page.locator('[data-result="backup.export"]')).toContainText('Backup written');
  // Its export reads page by page: equal calls are one row that opens.
  const fold = page.getByRole('button', { name: /platform\.export_page × \d+/ });
  const rows = await page.getByRole('row').count();
  await fold.click();
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  expect(await page.getByRole('row').count()).toBeGreaterThan(rows);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(problems).toEqual([]);
});

test('times in the list of runs are exact on hover, focus, tap and by a switch', async ({ page, stack, problems }) => {
  const id = uniqueId('operate-times');
  await stack.api('POST', '/jobs', { job_id: id, type: 'simulation.load', inputs: { duration_ms: 1 } });
  await stack.api('POST', `/jobs/${id}/run`);
  await open(page, `/runs?job=${id}`);
  const time = page.locator('[role=row] time');
  const tip = page.getByRole('tooltip');
  await time.hover();
  await expect(tip).toContainText(/\d\d:\d\d:\d\d WIB.*UTC/s);
  await page.mouse.move(0, 0);
  await expect(tip).toHaveCount(0);
  await page.setViewportSize(PHONE);
  await time.click();
  await expect(tip).toContainText('UTC');
  await expect(page).toHaveURL(/\/runs\?job=/);
  await page.getByRole('button', { name: 'Exact times' }).click();
  await expect(time).toHaveText(/^\d\d:\d\d:\d\d WIB$/);
  await open(page, `/runs?job=${id}`);
  await expect(time).toHaveText(/^\d\d:\d\d:\d\d WIB$/);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(problems).toEqual([]);
});

test('new runs are announced above the list, and cover no head of a column', async ({ page, stack }) => {
  const id = uniqueId('operate-pill');
  await stack.api('POST', '/jobs', { job_id: id, type: 'simulation.load', inputs: { duration_ms: 1 } });
  await stack.api('POST', `/jobs/${id}/run`);
  await open(page, '/runs');
  await stack.api('POST', `/jobs/${id}/run`);
  const pill = await page.getByRole('button', { name: /new runs?$/ }).boundingBox();
  const head = await page.getByRole('columnheader', { name: 'Job' }).boundingBox();
  expect(pill!.y + pill!.height).toBeLessThanOrEqual(head!.y);
});

test('the range of the chart is in the address', async ({ page, problems }) => {
  await open(page, '/');
  await page.getByRole('radio', { name: '7 d' }).check();
  await expect(page).toHaveURL(/range=7d/);
  await expect(page.getByRole('img', { name: /last 7 days/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('radio', { name: '7 d' })).toBeChecked();
  expect(problems).toEqual([]);
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });
  test('nothing moves, not even the bar of a run in progress', async ({ page, stack }) => {
    const id = uniqueId('operate-still');
    await stack.api('POST', '/jobs', { job_id: id, type: 'simulation.load', inputs: { duration_ms: 8_000 } });
    const { run_id: runId } = await stack.api<{ run_id: string }>('POST', `/jobs/${id}/run`);
    await stack.untilRun(runId, 'running');
    await open(page, `/runs/${runId}`);
    await expect(page.locator('.stripes').first()).toBeVisible();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});
