import { expect, open, test, uniqueId } from './support/fixtures';

test.use({ platform: 'flows' });

test('a job gets a schedule by a rule, and the form shows its next runs', async ({ page, stack, problems }) => {
  const id = uniqueId('flow-rule');
  await open(page, '/jobs/new?type=simulation.load');
  await page.getByLabel('Job ID').fill(id);
  await page.getByRole('radio', { name: 'By rule' }).click();
  await page.getByLabel('Rhythm').selectOption({ label: 'Last Friday of each month' });
  await expect(page.getByRole('textbox', { name: 'Rule', exact: true })).toHaveValue(/BYDAY=-1FR/);
  await expect(page.getByText(/every month on the last Friday at 16:00/i).first()).toBeVisible();
  // Two weeks from which day on?
  await page.getByLabel('Rhythm').selectOption({ label: 'Every two weeks on Monday' });
  await expect(page.getByText(/needs start_at/).first()).toBeVisible();
  await page.getByLabel('Rhythm').selectOption({ label: 'First Monday of each month' });
  await page.getByRole('button', { name: 'Create job' }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${id}$`));
  await expect(page.getByText(/every month on the first Monday at 09:00/i).first()).toBeVisible();
  const job = await stack.api<{ schedule: { rrule: string } }>('GET', `/jobs/${id}`);
  expect(job.schedule.rrule).toBe('FREQ=MONTHLY;BYDAY=1MO;BYHOUR=9;BYMINUTE=0');
  expect(problems).toEqual([]);
});

test('a schedule leaves out holidays and a calendar, previews what is left out, and is saved', async ({ page, stack, problems }) => {
  const id = uniqueId('flow-skip');
  await open(page, '/settings#calendars');
  await page.getByRole('button', { name: 'New calendar' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('toko-tutup');
  await dialog.getByLabel('Sun').check();
  await dialog.getByRole('button', { name: 'Save the calendar' }).click();
  await expect(page.getByText('toko-tutup').first()).toBeVisible();

  await open(page, '/jobs/new?type=simulation.load');
  await page.getByLabel('Job ID').fill(id);
  await page.getByRole('radio', { name: 'At set times' }).click();
  await page.getByText('Days and times it leaves out').click();
  await page.getByLabel('Public holidays').check();
  await page.getByLabel('Only these holidays').fill('Natal');
  await page.keyboard.press('Enter');
  await page.getByLabel(/^toko-tutup/).check();
  await page.getByLabel('A run that falls on such a day').selectOption({ label: 'runs on the last day before that is not left out' });
  const skipped = page.locator('[data-skipped]');
  await expect(skipped.getByText(/Natal/).or(skipped.getByText(/toko-tutup/)).first()).toBeVisible();
  await page.getByRole('button', { name: 'Create job' }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${id}$`));
  const job = await stack.api<{ schedule: { skip: object; on_skip: string } }>('GET', `/jobs/${id}`);
  expect(job.schedule.skip).toMatchObject({ holidays: 'ID', names: ['Natal'], calendars: ['toko-tutup'] });
  expect(job.schedule.on_skip).toBe('before');

  // The job's page says what is left out, and a calendar in use is not deleted.
  await open(page, `/jobs/${id}?tab=schedule`);
  await expect(page.locator('[data-skipped]')).toBeVisible();
  await open(page, '/settings#calendars');
  await expect(page.getByRole('link', { name: id })).toBeVisible();
  await page.getByRole('button', { name: 'Delete toko-tutup' }).click();
  await dialog.getByRole('button', { name: 'Delete toko-tutup' }).click();
  await expect(dialog.getByRole('alert')).toContainText(id);
  expect(problems).toEqual([]);
});
