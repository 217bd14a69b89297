import { findings, overflow } from './support/accessible';
import { applyButton, expect, open, test, type Stack } from './support/fixtures';

test.use({ platform: 'plan' });

type Spec = { description: string; schedule: { cron?: string } | null; inputs: Record<string, unknown>; enabled: boolean };

const planned = (sentence: string) => `/plan?prompt=${encodeURIComponent(sentence)}`;
const stored = (stack: Stack, id: string) => stack.api<Spec>('GET', `/jobs/${id}`);
const has = async (stack: Stack, id: string) => (await stack.api<unknown[]>('GET', `/jobs?q=${id}`)).length > 0;

test('a card is edited: name, schedule and a contact as recipient, then applied', async ({ page, stack, problems }) => {
  await stack.api('PUT', '/contacts/Bu%20Siti', { channel: 'sandbox', to: 'siti' });
  await open(page, planned('buat laporan harian jam 07:00'));
  const card = page.locator('[data-job=report-daily]');
  await card.getByRole('button', { name: 'Edit: report-daily' }).click();
  const form = page.getByRole('form', { name: 'Edit report-daily in this plan' });
  await form.getByLabel('Name').fill('Laporan pagi');
  await form.getByRole('textbox', { name: 'Cron expression' }).fill('30 6 * * *');
  await expect(form.getByText(/every day at 06:30/i)).toBeVisible();
  await form.getByLabel('Contact or account').selectOption({ label: 'Bu Siti · sandbox siti' });
  await form.getByRole('button', { name: 'Update the plan' }).click();
  await expect(form).toBeHidden();
  await expect(card.getByText('Laporan pagi').first()).toBeVisible();
  // Nothing is saved before it is applied.
  expect(await has(stack, 'report-daily')).toBe(false);
  await applyButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create 1 job' }).click();
  await expect(page.locator('[data-applied]')).toBeVisible();
  const job = await stored(stack, 'report-daily');
  expect(job.description).toBe('Laporan pagi');
  expect(job.schedule?.cron).toBe('30 6 * * *');
  expect(job.inputs.notify).toMatchObject({ channel: 'sandbox', to: 'siti' });
  expect(problems).toEqual([]);
});

test('a refused edit is shown in the card, and the plan stays as it was', async ({ page }) => {
  await open(page, planned('cadangkan semua tiap malam jam 1'));
  await page.getByRole('button', { name: /^Edit: backup/ }).click();
  const form = page.getByRole('form');
  await form.getByRole('textbox', { name: 'Cron expression' }).fill('99 * * * *');
  await form.getByRole('button', { name: 'Update the plan' }).click();
  await expect(form.getByRole('alert')).toBeVisible();
  await expect(page.getByText(/every day at 01:00/i).first()).toBeVisible();
});

test('a job is left out and put back; what is left out is not created', async ({ page, stack }) => {
  await open(page, planned('pantau telegram akun bot_b01 tiap 30 detik dan backup tiap hari jam 02:15'));
  await page.getByRole('button', { name: 'Leave out: monitor-telegram-bot_b01' }).click();
  await expect(page.locator('[data-left-out=monitor-telegram-bot_b01]')).toBeVisible();
  await expect(page.getByText('Create 1 job')).toBeVisible();
  await page.getByRole('button', { name: 'Put back: monitor-telegram-bot_b01' }).click();
  await expect(page.getByText('Create 2 jobs')).toBeVisible();
  await page.getByRole('button', { name: 'Leave out: monitor-telegram-bot_b01' }).click();
  await expect(page.getByText('Create 1 job')).toBeVisible();
  await applyButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create 1 job' }).click();
  await expect(page.locator('[data-applied]')).toBeVisible();
  expect(await has(stack, 'backup')).toBe(true);
  expect(await has(stack, 'monitor-telegram-bot_b01')).toBe(false);
});

test('a question is answered by a button, and holds the plan back until then', async ({ page, problems }) => {
  await open(page, planned('tadi pagi wa toko_a mati 5 menit'));
  const question = page.locator('[data-ask]');
  await expect(question).toBeVisible();
  await question.getByRole('button').first().click();
  await expect(page.locator('[data-job=monitor-whatsapp-toko_a]')).toBeVisible();
  await expect(question).toBeHidden();
  await expect(applyButton(page)).toBeEnabled();
  expect(problems).toEqual([]);
});

test('a question about a sentence is answered by a choice, the field to check is looked at, and the plan applied', async ({ page, stack, problems }) => {
  // A stored backup keeps its hour, so nothing is to check: another test may have made one.
  if (await has(stack, 'backup-export')) await stack.api('DELETE', '/jobs/backup-export');
  await open(page, planned('backup tiap hari prioritas 5'));
  const question = page.locator('[data-ask]');
  await expect(question).toBeVisible();
  await expect(applyButton(page)).toBeDisabled();
  await page.getByRole('button', { name: 'Go to the question' }).click();
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  const card = page.locator('[data-job^=backup]');
  await expect(card.getByText('Check the time')).toBeVisible();
  await expect(applyButton(page)).toHaveText('Check the time, then apply…');
  await card.getByRole('button', { name: /^Check the time/ }).click();
  const time = page.getByRole('form').getByLabel('At', { exact: true });
  await expect(time).toBeFocused();
  await time.fill('03:30');
  await page.getByRole('button', { name: 'Update the plan' }).click();
  await expect(card.getByText('Certain')).toBeVisible();
  await expect(applyButton(page)).toHaveText('Apply…');
  expect(await findings(page)).toEqual([]);
  await applyButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create 1 job' }).click();
  await expect(page.locator('[data-applied]')).toBeVisible();
  const jobs = await stack.api<(Spec & { priority: string })[]>('GET', '/jobs?q=backup');
  expect(jobs.map((job) => [job.priority, job.schedule?.cron])).toContainEqual(['high', '30 3 * * *']);
  expect(problems).toEqual([]);
});

test('the sentence is marked by what each word sets; the message is marked as the message', async ({ page, problems }) => {
  await open(page, planned('ingatkan saya bayar listrik tiap tanggal 20 jam 9 pagi'));
  const mark = page.locator('#sentence [data-role=text]');
  await expect(mark).toHaveText('bayar listrik');
  await expect(mark).toHaveAttribute('title', /^message · sets the message of message-bayar-listrik$/);
  await expect(page.locator('#sentence [data-role=unused]')).toHaveCount(0);
  await expect(page.getByText(/\d\s?% confidence/)).toHaveCount(0);
  expect(await findings(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test('two contacts fit a name: Apply waits for the answer, and the message goes to the chosen one', async ({ page, stack }) => {
  await stack.api('PUT', '/contacts/Pak%20Budi%20Toko', { channel: 'sandbox', to: 'toko' });
  await stack.api('PUT', '/contacts/Pak%20Budi%20Gudang', { channel: 'sandbox', to: 'gudang' });
  await open(page, planned('kirim ke Pak Budi tiap Senin jam 9: stok habis?'));
  await expect(applyButton(page)).toBeDisabled();
  await page.locator('[data-ask]').getByRole('button', { name: 'Pak Budi Gudang' }).click();
  await expect(applyButton(page)).toBeEnabled();
  await applyButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create 1 job' }).click();
  await expect(page.locator('[data-applied]')).toBeVisible();
  const jobs = await stack.api<Spec[]>('GET', '/jobs?type=message.send');
  expect(jobs.map((job) => job.inputs.to)).toEqual(['gudang']);
});

test('words change the last plan, and the change is undone', async ({ page }) => {
  await open(page, planned('laporan tiap hari jam 6'));
  await page.getByLabel('Change it in words').fill('yang tadi jadiin jam 8 ya');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/every day at 08:00/i).first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo the last one' }).click();
  await expect(page.getByText(/every day at 06:00/i).first()).toBeVisible();
});

test('a change of a stored job becomes a new job', async ({ page, stack }) => {
  await stack.api('POST', '/jobs', { job_id: 'monitor-example.com', type: 'monitor.http', schedule: { interval_sec: 60 }, inputs: { url: 'https://example.com' } });
  await open(page, planned('pantau https://example.com tiap 5 menit'));
  await expect(page.getByRole('rowheader', { name: 'schedule.interval_sec' })).toBeVisible();
  await page.getByRole('button', { name: 'Make a new job instead: monitor-example.com' }).click();
  await expect(page.getByText('Create 1 job')).toBeVisible();
  await applyButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create 1 job' }).click();
  await expect(page.locator('[data-applied]')).toBeVisible();
  expect((await stack.api<unknown[]>('GET', '/jobs?type=monitor.http')).length).toBe(2);
});

test('a sentence stops and deletes stored jobs; the deletion is asked as one', async ({ page, stack, problems }) => {
  await stack.api('POST', '/jobs', { job_id: 'monitor-toko', type: 'monitor.http', schedule: { interval_sec: 600 }, inputs: { url: 'https://toko.example' } });
  await open(page, planned('hapus job monitor-toko'));
  const card = page.locator('[data-job=monitor-toko]');
  await expect(card.getByText(/This cannot be undone/)).toBeVisible();
  await applyButton(page).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/1 job is deleted with its schedule/)).toBeVisible();
  expect(await has(stack, 'monitor-toko')).toBe(true);
  await dialog.getByRole('button', { name: 'Delete 1 job' }).click();
  await expect(page.locator('[data-applied]').getByText('Deleted')).toBeVisible();
  expect(await has(stack, 'monitor-toko')).toBe(false);

  await stack.api('POST', '/jobs', { job_id: 'monitor-gudang', type: 'monitor.http', schedule: { interval_sec: 600 }, inputs: { url: 'https://gudang.example' } });
  await open(page, planned('matikan job monitor-gudang'));
  await expect(page.getByText('Disable 1 job')).toBeVisible();
  await applyButton(page).click();
  await dialog.getByRole('button', { name: 'Disable 1 job' }).click();
  await expect(page.locator('[data-applied]').getByText('Disabled')).toBeVisible();
  expect((await stored(stack, 'monitor-gudang')).enabled).toBe(false);
  expect(problems).toEqual([]);
});

for (const theme of ['light', 'dark'] as const) {
  test.describe(`a plan with everything, ${theme}`, () => {
    test.use({ theme, lang: theme === 'dark' ? 'id' : 'en' });
    test('is accessible and fits a phone, with a question, an open editor and a job left out', async ({ page, problems }) => {
      await open(page, planned('laporan jam 7 prioritas 5, backup jam 2, pantau telegram akun bot_c01 tiap 30 detik'));
      await expect(page.locator('[data-ask]')).toBeVisible();
      await page.getByRole('button', { name: /^(Leave out|Jangan ikutkan): backup/ }).click();
      await expect(page.locator('[data-left-out]')).toBeVisible();
      await page.getByRole('button', { name: /^(Edit|Ubah): monitor-telegram-bot_c01/ }).click();
      await expect(page.getByRole('form')).toBeVisible();
      expect(await findings(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(problems).toEqual([]);
    });
  });
}

test('a question is answered and a plan applied with the keyboard alone', async ({ page }) => {
  await open(page, planned('tadi pagi wa toko_k mati 5 menit'));
  await expect(page.locator('[data-ask]')).toBeVisible();
  const focused = (name: RegExp) => page.evaluate((source) => new RegExp(source).test(document.activeElement?.textContent ?? ''), name.source);
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 60 && !(await focused(name)); presses += 1) await page.keyboard.press('Tab');
    expect(await focused(name)).toBe(true);
  };
  await page.locator('h1').click();
  await tabTo(/^pantau whatsapp akun toko_k/);
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-job=monitor-whatsapp-toko_k]')).toBeVisible();
  await tabTo(/pply…$/);
  await page.keyboard.press('Enter');
  await tabTo(/^Create 1 job$/);
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-applied]')).toBeVisible();
});
