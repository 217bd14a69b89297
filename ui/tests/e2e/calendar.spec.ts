import { findings, overflow } from './support/accessible';
import { expect, open, test, uniqueId } from './support/fixtures';

test.use({ platform: 'flows' });

const TEXTS = {
  en: { week: '7 days', search: 'Find a job', plan: 'Plan maintenance', save: 'Plan it', what: 'What', job: 'Job', again: 'Again and again', rule: 'Rule', maintenance: 'Maintenance' },
  id: { week: '7 hari', search: 'Cari job', plan: 'Rencanakan pemeliharaan', save: 'Rencanakan', what: 'Untuk apa', job: 'Job', again: 'Berulang', rule: 'Aturan', maintenance: 'Pemeliharaan' },
};

for (const lang of ['en', 'id'] as const) {
  const words = TEXTS[lang];
  test.describe(`${lang}, 390 px`, () => {
    test.use({ lang, viewport: { width: 390, height: 844 } });

    test('the calendar shows fires, shared minutes and planned maintenance', async ({ page, stack, problems }) => {
      const [first, second] = [uniqueId('calendar-a'), uniqueId('calendar-b')];
      for (const job_id of [first, second]) {
        await stack.api('POST', '/jobs', { job_id, type: 'simulation.load', schedule: { cron: '17 4 * * *' } });
      }
      await open(page, '/settings#maintenance');
      await page.getByRole('button', { name: words.plan }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(words.what).selectOption('job');
      await dialog.getByLabel(words.job, { exact: true }).fill(first);
      await dialog.getByLabel(words.again).check();
      await dialog.getByLabel(words.rule).fill('FREQ=DAILY;BYHOUR=4;BYMINUTE=0;BYSECOND=0');
      await dialog.getByRole('button', { name: words.save, exact: true }).click();
      await expect(page.locator('#maintenance')).toContainText(first);

      await open(page, '/calendar');
      await page.getByRole('searchbox', { name: words.search }).fill(first);
      const rows = page.getByRole('listitem').filter({ has: page.getByRole('img') });
      await expect(rows).toHaveCount(1);
      await expect(rows).toContainText(words.maintenance);
      await expect(page.getByRole('listitem').filter({ hasText: first }).filter({ hasText: second }).first()).toBeVisible();
      await page.getByLabel(words.week).check();
      await expect(page).toHaveURL(/range=week/);
      await expect(rows.getByRole('img', { name: new RegExp(`^${first}: 7 `) })).toBeVisible();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await findings(page)).toEqual([]);
      expect(problems).toEqual([]);
    });
  });
}
