import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, open, test, uniqueId } from './support/fixtures';

test.use({ platform: 'flows' });

const SENTENCE = 'Pantau telegram akun bot_a01 tiap 30 detik dan buat laporan harian jam 07:00';

test('a job is created in the form, run, and seen to succeed without a reload', async ({ page, problems }) => {
  const id = uniqueId('flow-create');
  await open(page, '/jobs/new?type=simulation.load');
  await page.getByLabel('Job ID').fill(id);
  await page.getByLabel('Duration').first().fill('200');
  await page.getByRole('button', { name: 'Create job' }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${id}$`));
  let reloads = 0;
  page.on('load', () => (reloads += 1));
  await page.getByRole('button', { name: /^Run now/ }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Run now', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator('[data-state=success]').first()).toBeVisible();
  await dialog.getByRole('link', { name: 'Open the run' }).click();
  await expect(page).toHaveURL(/\/runs\/[^/]+$/);
  await expect(page.locator('main [data-state=success]').first()).toBeVisible();
  expect(reloads).toBe(0);
  expect(problems).toEqual([]);
});

test('a sentence becomes a plan, the plan jobs, and their first runs are watched', async ({ page, stack, problems }) => {
  await open(page, '/plan');
  await page.getByRole('textbox').first().fill(SENTENCE);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('monitor-telegram-bot_a01').first()).toBeVisible();
  await expect(page.getByText('report-daily').first()).toBeVisible();
  // Nothing is made before it is applied.
  expect(await stack.api<unknown[]>('GET', '/jobs?q=monitor-telegram-bot_a01')).toEqual([]);
  await page.getByLabel('Run each once now').check();
  await page.getByRole('button', { name: 'Apply…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Create 2/ }).click();
  await expect(page.locator('main [data-state=success]')).toHaveCount(2);

  // The same prompt again changes nothing; another interval is a change to the stored job.
  await open(page, `/plan?prompt=${encodeURIComponent(SENTENCE.replace('30 detik', '45 detik'))}`);
  await expect(page.getByRole('rowheader', { name: 'schedule.interval_sec' })).toBeVisible();
  await page.getByRole('button', { name: 'Apply…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Change 1/ }).click();
  await stack.until(async () => {
    const job = await stack.api<{ schedule: { interval_sec: number } }>('GET', '/jobs/monitor-telegram-bot_a01');
    return job.schedule.interval_sec === 45;
  }, 'the new interval');
  expect(problems).toEqual([]);
});

test('a run whose worker is killed is queued again and succeeds, in the open page', async ({ page, stack }) => {
  const id = uniqueId('flow-killed');
  await stack.api('POST', '/jobs', { job_id: id, type: 'simulation.load', inputs: { duration_ms: 5_000 } });
  const { run_id: runId } = await stack.api<{ run_id: string }>('POST', `/jobs/${id}/run`);
  await open(page, `/runs/${runId}`);
  const state = page.locator('main [data-state]').first();
  await expect(state).toHaveAttribute('data-state', 'running');
  await stack.kill('worker');
  // Paused, so that the run stays queued after it was reclaimed until the test has seen it.
  await stack.api('POST', '/pause', { scope: 'job', name: id });
  stack.run('worker');
  await expect(state).toHaveAttribute('data-state', 'queued');
  await stack.api('POST', '/resume', { scope: 'job', name: id });
  await expect(state).toHaveAttribute('data-state', 'running');
  await expect(state).toHaveAttribute('data-state', 'success');
  await expect(page.getByRole('table', { name: 'Timeline' }).getByText('Attempt 2')).toBeVisible();
});

test('a dead letter is redriven from its group, and leaves the list when it succeeds', async ({ page, stack }) => {
  const id = uniqueId('flow-dead');
  const file = join(stack.home, `${id}.on`);
  await stack.api('POST', '/jobs', { job_id: id, type: 'e2e.switch', inputs: { file }, retry_policy: { max_retry: 0 } });
  const { run_id: runId } = await stack.api<{ run_id: string }>('POST', `/jobs/${id}/run`);
  await stack.untilRun(runId, 'failed');
  await open(page, `/dead-letters?job=${id}`);
  await expect(page.getByRole('heading', { name: 'the switch is off' })).toBeVisible();
  writeFileSync(file, '');
  await page.getByRole('button', { name: 'Redrive', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Redrive 1' }).click();
  await stack.untilRun(runId, 'success');
  await expect(page.getByRole('heading', { name: 'the switch is off' })).toBeHidden();
});

test('discarding asks for a typed word', async ({ page, stack }) => {
  const id = uniqueId('flow-discard');
  await stack.api('POST', '/jobs', { job_id: id, type: 'simulation.load', inputs: { duration_ms: 1, fail_rate: 1 }, retry_policy: { max_retry: 0 } });
  const { run_id: runId } = await stack.api<{ run_id: string }>('POST', `/jobs/${id}/run`);
  await stack.untilRun(runId, 'failed');
  await open(page, `/dead-letters?job=${id}`);
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  const act = page.getByRole('dialog').getByRole('button', { name: 'Discard 1' });
  await expect(act).toBeDisabled();
  await page.getByRole('dialog').getByRole('textbox').fill('discard');
  await act.click();
  await stack.until(async () => (await stack.api(`GET`, `/runs/${runId}`)).dead_letter === false, 'the discard');
  await expect(page.getByText('Nothing matches')).toBeVisible();
});

test('while the API is down the page reports it, and it recovers automatically', async ({ page, stack }) => {
  await open(page, '/jobs');
  await stack.kill('api');
  await expect(page.locator('[data-live=stale]')).toBeVisible();
  await page.goto('/runs');
  await expect(page.locator('[data-kind=outage]')).toBeVisible();
  stack.run('api');
  await expect(page.locator('[data-kind=outage]')).toBeHidden();
  await expect(page.locator('[data-live=live]')).toBeVisible();
});

test('back and forward keep the filters', async ({ page, stack }) => {
  const id = uniqueId('flow-filter');
  await stack.api('POST', '/jobs', { job_id: id, type: 'simulation.load', tags: ['saring'] });
  await open(page, '/jobs');
  await page.getByRole('searchbox').fill(id);
  await expect(page).toHaveURL(new RegExp(`q=${id}`));
  await page.getByRole('link', { name: id }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${id}$`));
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue(id);
  await expect(page.getByRole('link', { name: id })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('link', { name: /Failed/ }).click();
  await expect(page).toHaveURL(/status=failed/);
  await page.goBack();
  await expect(page).toHaveURL(/\/runs$/);
  await page.goForward();
  await expect(page).toHaveURL(/status=failed/);
});

test('many jobs are switched off at once, with their count asked first', async ({ page, stack }) => {
  const tag = uniqueId('massal');
  for (const n of [1, 2, 3]) {
    await stack.api('POST', '/jobs', { job_id: `${tag}-${n}`, type: 'simulation.load', schedule: { interval_sec: 3_600 }, tags: [tag] });
  }
  await open(page, `/jobs?tag=${tag}`);
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
  await page.getByRole('button', { name: /Disable.*3/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Disable.*3/ }).click();
  await stack.until(async () => {
    const jobs = await stack.api<{ enabled: boolean }[]>('GET', `/jobs?tag=${tag}`);
    return jobs.every((job) => !job.enabled);
  }, 'the jobs to be off');
});

test('text is searched in inputs, and all matching runs are run again or cancelled', async ({ page, stack }) => {
  const id = uniqueId('flow-search');
  const file = join(stack.home, `${id}-Zebra.on`);
  const runs = async (query: string) => stack.api<{ status: string }[]>('GET', `/runs?limit=500&job_id=${id}${query}`);
  await stack.api('POST', '/jobs', { job_id: id, type: 'e2e.switch', inputs: { file }, retry_policy: { max_retry: 0 } });
  await stack.api('POST', '/runs/batch', Array.from({ length: 3 }, () => ({ job_id: id })));
  await stack.until(async () => (await runs('&status=failed')).length === 3, 'the failures');
  writeFileSync(file, '');
  await open(page, '/runs');
  await page.getByRole('searchbox').fill(`${id}-zebra`);
  const rows = page.locator('main [data-key]');
  await expect(rows).toHaveCount(3);
  await expect(page.getByText(/^Searched all [\d,]+ runs\.$/)).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
  await page.getByRole('button', { name: 'All matching' }).click();
  await page.getByRole('button', { name: 'Run again…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Run 3 runs again?')).toBeVisible();
  await dialog.getByRole('button', { name: 'Start 3' }).click();
  await expect(dialog.getByText('3 runs started')).toBeVisible();
  await dialog.getByRole('link', { name: 'Show the new runs' }).click();
  await expect(page).toHaveURL(/trace=/);
  await expect(rows).toHaveCount(3);
  await stack.until(async () => (await runs('&status=success')).length === 3, 'the new runs');

  await stack.api('POST', '/pause', { scope: 'job', name: id });
  await stack.api('POST', '/runs/batch', Array.from({ length: 4 }, () => ({ job_id: id })));
  await open(page, `/runs?job=${id}&status=queued`);
  await expect(rows).toHaveCount(4);
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
  await page.getByRole('button', { name: 'All matching' }).click();
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await expect(dialog.getByText('Cancel 4 runs?')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel 4' }).click();
  await expect(dialog.getByText('4 runs cancelled')).toBeVisible();
  expect((await runs('&status=cancelled')).length).toBe(4);
  await stack.api('POST', '/resume', { scope: 'job', name: id });
});

test('a running run is cancelled from its page, and shown so once it is', async ({ page, stack }) => {
  const id = uniqueId('flow-cancel');
  await stack.api('POST', '/jobs', { job_id: id, type: 'simulation.load', inputs: { duration_ms: 60_000 } });
  const { run_id: runId } = await stack.api<{ run_id: string }>('POST', `/jobs/${id}/run`);
  await open(page, `/runs/${runId}`);
  const state = page.locator('main [data-state]').first();
  await expect(state).toHaveAttribute('data-state', 'running');
  await page.keyboard.press('x');
  await page.getByRole('dialog').getByRole('button', { name: /Cancel/ }).click();
  await expect(state).toHaveAttribute('data-state', 'cancelled');
});

test('a log is followed while it is written, searched, and downloaded', async ({ page, stack }) => {
  const id = uniqueId('flow-log');
  await stack.api('POST', '/jobs', { job_id: id, type: 'e2e.talk', inputs: { lines: 60, every_ms: 100 } });
  const { run_id: runId } = await stack.api<{ run_id: string }>('POST', `/jobs/${id}/run`);
  await open(page, `/runs/${runId}?tab=logs`);
  const log = page.locator('[data-log]');
  await expect(log.getByText(/line 5\b/).first()).toBeVisible();
  await expect(log.getByText(/line 59\b/).first()).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('line 12');
  await expect(log.locator('mark', { hasText: 'line 12' }).first()).toBeVisible();
  await expect(log.getByText(/line 12\b/).first()).toBeInViewport();
});

test('a job is found, opened and run with the keyboard alone', async ({ page, stack }) => {
  const id = uniqueId('flow-keys');
  await stack.api('POST', '/jobs', { job_id: id, type: 'simulation.load', inputs: { duration_ms: 10 } });
  await open(page, '/');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(id);
  await expect(page.getByRole('option', { name: new RegExp(id), selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/jobs/${id}$`));
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  const run = page.getByRole('button', { name: /^Run now/ }).first();
  for (let presses = 0; presses < 80 && !(await run.evaluate((element) => element === document.activeElement)); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  const go = page.getByRole('dialog').getByRole('button', { name: 'Run now', exact: true });
  for (let presses = 0; presses < 20 && !(await go.evaluate((element) => element === document.activeElement)); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').locator('[data-state=success]').first()).toBeVisible();
});
