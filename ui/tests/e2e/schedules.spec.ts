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
