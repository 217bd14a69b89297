import { expect, open, test } from './support/fixtures';

test.use({ platform: 'frame' });

test('the frame is live, pauses, and continues', async ({ page, stack, problems }) => {
  await open(page, '/');
  await page.getByRole('button', { name: 'Pause live updates' }).click();
  await expect(page.locator('[data-live=paused]')).toBeVisible();
  const resumed = page.waitForRequest((request) => request.url().endsWith('/api/events/stream'));
  await stack.api('POST', '/jobs', { job_id: 'while-paused', type: 'simulation.load' });
  await page.getByRole('button', { name: 'Resume live updates' }).click();
  expect((await resumed).headers()['last-event-id']).toMatch(/^\d+-\d+$/);
  await expect(page.locator('[data-live=live]')).toBeVisible();
  expect(problems).toEqual([]);
});

test('the language is switched in place', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
  await expect(page.getByRole('link', { name: 'Ringkasan' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'id');
  await page.reload();
  await expect(page.getByRole('link', { name: 'Ringkasan' })).toBeVisible();
});

test('a list does not shift under its reader: new runs are announced, and shown when asked for', async ({ page, stack }) => {
  await stack.api('POST', '/jobs', { job_id: 'pill', type: 'simulation.load', inputs: { duration_ms: 5 } });
  const first = await stack.api<{ run_id: string }>('POST', '/jobs/pill/run');
  await stack.untilRun(first.run_id, 'success');
  await open(page, '/runs?job=pill');
  const rows = page.locator('main [data-key]');
  await expect(rows).toHaveCount(1);
  const second = await stack.api<{ run_id: string }>('POST', '/jobs/pill/run');
  const pill = page.getByRole('button', { name: '1 new run' });
  await expect(pill).toBeVisible();
  await expect(rows).toHaveCount(1);
  await pill.click();
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toHaveAttribute('data-key', second.run_id);
  await expect(pill).toBeHidden();
});
