import { expect, open, test } from './support/fixtures';

test.use({ platform: 'frame' });

test('the frame is live, pauses, and goes on where it stopped', async ({ page, stack, problems }) => {
  await open(page, '/');
  await page.getByRole('button', { name: 'Pause: keep the page as it is' }).click();
  await expect(page.locator('[data-live=paused]')).toBeVisible();
  const resumed = page.waitForRequest((request) => request.url().endsWith('/api/events/stream'));
  await stack.api('POST', '/jobs', { job_id: 'while-paused', type: 'simulation.load' });
  await page.getByRole('button', { name: 'Go on live' }).click();
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
