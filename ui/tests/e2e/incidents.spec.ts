import { findings, overflow } from './support/accessible';
import { Stack, expect, open, test as base } from './support/fixtures';
import { LocalSite } from './support/site';

/** A platform that may check a site on loopback. */
const test = base.extend<object, { site: LocalSite; stack: Stack }>({
  site: [
    async ({}, use) => {
      const site = await new LocalSite().start();
      await use(site);
      await site.stop();
    },
    { scope: 'worker' },
  ],
  stack: [
    async ({ site }, use) => {
      const stack = new Stack({ HTTP_ALLOW_PRIVATE: site.place });
      try {
        await use(await stack.start());
      } finally {
        await stack.stop();
      }
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

const INTERVAL_SEC = 2;
/** Twice the bound: two intervals and a second. */
const SHOWN_MS = 2 * (2 * INTERVAL_SEC + 1) * 1_000;
const FLOWS = [
  {
    lang: 'en' as const,
    width: 1_440,
    words: { up: 'Up', down: 'Down', acknowledge: 'Acknowledge', acknowledged: /^Acknowledged by/, recovered: 'Recovered', closed: 'Closed', comment: 'Comment', add: 'Add the comment', silence: 'Silence', hour: '1 h', silenced: /^Silenced until/ },
  },
  {
    lang: 'id' as const,
    width: 390,
    words: { up: 'Normal', down: 'Mati', acknowledge: 'Tandai dilihat', acknowledged: /^Sudah dilihat/, recovered: 'Pulih', closed: 'Selesai', comment: 'Komentar', add: 'Tambahkan komentar', silence: 'Bisukan', hour: '1 jam', silenced: /^Dibisukan sampai/ },
  },
];

for (const { lang, width, words } of FLOWS) {
  test.describe(`${lang}, ${width} px`, () => {
    test.use({ lang, viewport: { width, height: 900 } });

    test('a site goes down, its incident is acknowledged, and its recovery is shown, all without a reload', async ({ page, stack, site, problems }) => {
      const job = `toko-${lang}`;
      const schedule = { interval_sec: INTERVAL_SEC };
      await stack.api('POST', '/jobs', { job_id: job, type: 'monitor.http', schedule, inputs: { url: site.url, fail_after: 1 } });
      await open(page, '/');
      const tile = page.locator(`[data-monitor="${job}"]`);
      await expect(tile).toHaveAttribute('data-state', 'up');
      await expect(tile).toContainText(words.up);
      let reloads = 0;
      page.on('load', () => (reloads += 1));

      site.status = 503;
      const row = page.locator('[data-incident][data-state=open]', { hasText: job });
      await expect(row).toBeVisible({ timeout: SHOWN_MS });
      await expect(row).toContainText('503');
      await expect(tile).toContainText(words.down);
      await row.getByRole('button', { name: words.acknowledge }).click();
      await expect(row.getByText(words.acknowledged)).toBeVisible();
      if (width > 1_024) await expect(page.getByRole('navigation', { name: 'multi-job' }).getByRole('link', { name: /Incidents\s*\d/ })).toBeVisible();

      site.status = 200;
      const over = page.locator('[data-incident][data-state=closed]', { hasText: job });
      await expect(over).toContainText(words.recovered, { timeout: SHOWN_MS });
      await expect(tile).toContainText(words.up);
      await over.getByRole('link').first().click();
      await expect(page.locator('[data-what=closed]')).toContainText(words.closed);
      await page.getByLabel(words.comment).fill('diganti kabelnya');
      await page.getByRole('button', { name: words.add }).click();
      await expect(page.locator('[data-what=comment]')).toContainText('diganti kabelnya');
      expect(reloads).toBe(0);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(problems).toEqual([]);
    });

    test('a monitor shows its outage, and its open incident is silenced', async ({ page, stack, site, problems }) => {
      const job = `toko-${lang}`;
      site.status = 500;
      await stack.until(async () => (await stack.api<unknown[]>('GET', `/incidents?state=open&job_id=${job}`)).length === 1, 'the incident');
      await open(page, '/monitors');
      await page.getByRole('searchbox').fill(job);
      await expect(page).toHaveURL(new RegExp(`q=${job}`));
      await page.getByRole('link', { name: job }).first().click();
      await expect(page.locator('main [data-watch-state=down]').first()).toBeVisible();
      await expect(page.locator('[data-line=p50]').first()).toBeAttached();
      expect(await findings(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.locator('[data-incident][data-state=open]').getByRole('link').first().click();
      await page.getByRole('button', { name: words.silence }).click();
      await page.getByRole('button', { name: words.hour, exact: true }).click();
      await expect(page.getByText(words.silenced)).toBeVisible();
      site.status = 200;
      await expect(page.locator('[data-severity=closed]')).toBeVisible({ timeout: SHOWN_MS });
      expect(problems).toEqual([]);
    });
  });
}
