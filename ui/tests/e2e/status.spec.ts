import { expect, open, test, uniqueId } from './support/fixtures';
import { findings, overflow } from './support/accessible';

test.use({ platform: 'flows' });

const PHONE = { width: 390, height: 844 };
const MAX_BYTES = 60 * 1024;

for (const lang of ['en', 'id'] as const) {
  test.describe(lang, () => {
    test.use({ lang, locale: lang === 'id' ? 'id-ID' : 'en-GB' });

    test('a status page is made in the settings and read without a session', async ({ page, stack, browser, problems }) => {
      const job = uniqueId(`monitor-${lang}-web`);
      const slug = uniqueId('toko');
      await stack.api('POST', '/jobs', { job_id: job, type: 'monitor.channel', inputs: { channel: 'sandbox', account_id: 'inbox' } });
      await stack.api('POST', `/jobs/${job}/run`, {});
      await expect
        .poll(async () => (await stack.api<{ job_id: string }[]>('GET', '/monitors')).some((each) => each.job_id === job))
        .toBe(true);

      await open(page, '/settings#status-pages');
      await page.getByRole('button', { name: lang === 'id' ? 'Halaman status baru' : 'New status page' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(lang === 'id' ? 'Nama di alamat' : 'Name in the address').fill(slug);
      await dialog.getByLabel(lang === 'id' ? 'Judul' : 'Title', { exact: true }).fill('Toko Maju');
      await dialog.getByLabel(job, { exact: true }).check();
      await dialog.getByLabel(new RegExp(`${job}.*(readers|pembaca)`)).fill('Web shop');
      await dialog.getByRole('switch').check();
      await dialog.getByRole('button', { name: lang === 'id' ? 'Simpan halaman status' : 'Save the status page' }).click();
      await expect(page.getByRole('link', { name: `/status/${slug}` })).toBeVisible();
      expect(problems).toEqual([]);

      // Another browser: no cookie, no script, a phone.
      const context = await browser.newContext({ viewport: PHONE, locale: lang === 'id' ? 'id-ID' : 'en-GB', colorScheme: 'dark' });
      const reader = await context.newPage();
      const answer = await reader.goto(`${stack.uiUrl}/status/${slug}`);
      expect(answer?.status()).toBe(200);
      expect(answer?.headers()['cache-control']).toBe('public, max-age=30');
      expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'; style-src 'sha256-");
      expect((await answer?.body())?.byteLength).toBeLessThanOrEqual(MAX_BYTES);
      await expect(reader.locator('html')).toHaveAttribute('lang', lang);
      await expect(reader.getByRole('heading', { name: 'Web shop' })).toBeVisible();
      expect(await reader.content()).not.toContain(job);
      expect(await overflow(reader)).toBe(0);
      expect(await findings(reader)).toEqual([]);
      await reader.getByRole('link', { name: lang === 'id' ? 'English' : 'Bahasa Indonesia' }).click();
      await expect(reader.locator('html')).toHaveAttribute('lang', lang === 'id' ? 'en' : 'id');
      const etag = answer?.headers()['etag'] ?? '';
      const badge = await context.request.get(`${stack.uiUrl}/status/${slug}/badge.svg`);
      expect(badge.headers()['content-type']).toContain('image/svg+xml');
      expect((await context.request.get(`${stack.uiUrl}/status/${slug}-none`)).status()).toBe(404);
      expect(etag).not.toBe('');
      await context.close();
    });
  });
}
