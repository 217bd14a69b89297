// Takes the pictures of the documents from a running product that was started with --demo: saves demo jobs, waits until they
// have a history, and opens each page in Chromium. `npm run picture -- 60` waits 60 minutes; without a number it takes the
// pictures at once. Names after the number choose pictures: `npm run picture -- 0 plan rencana`.
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const api = `http://127.0.0.1:${process.env.API_PORT ?? 8000}`;
const dashboard = `http://127.0.0.1:${process.env.UI_PORT ?? 3000}`;
const [minutes, ...chosen] = [Number(process.argv[2] ?? 0), ...process.argv.slice(3)];
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROMIUM || BROWSERS.find(existsSync);

const load = (job_id, schedule, inputs, others = {}) => ({ job_id, type: 'simulation.load', schedule, inputs, ...others });
// The newest is the first in the list.
const JOBS = [
  { job_id: 'promo-new-year', type: 'message.send', schedule: { at: '2030-01-01T00:00:00+07:00' }, inputs: { text: 'Happy new year' } },
  { job_id: 'promo-morning', type: 'message.send', schedule: { cron: '0 9 * * *' }, inputs: { text: 'Good morning' } },
  { job_id: 'nightly-backup', type: 'backup.export', schedule: { cron: '15 2 * * *' } },
  { job_id: 'report-daily', type: 'report.daily', schedule: { cron: '0 7 * * *' } },
  { job_id: 'monitor-telegram', type: 'monitor.channel', schedule: { interval_sec: 60 }, inputs: { channel: 'telegram', account_id: 'bot_a01' } },
  load('clean-cache', { cron: '0 * * * *' }, { duration_ms: 250 }),
  // Its runs time out after a minute: the page shows what needs a decision.
  load('rebuild-search-index', { interval_sec: 300 }, { duration_ms: 120_000 }),
  load('sync-notion', { interval_sec: 45 }, { duration_ms: 600, fail_rate: 0.4 }, { retry_policy: { max_retry: 1, backoff_sec: [2] } }),
  load('import-prices', { interval_sec: 20 }, { duration_ms: 4_000, jitter_ms: 2_000 }),
  load('resize-images', { interval_sec: 15 }, { duration_ms: 300, jitter_ms: 200 }),
  load('sync-orders', { interval_sec: 10 }, { duration_ms: 800, jitter_ms: 400 }),
];

async function send(method, path, body) {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`${api}${path}`, { method, headers, body: JSON.stringify(body) });
  const exists = answer.status === 409;
  if (!answer.ok && !exists) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

for (const job of JOBS) await send('POST', '/jobs', job);
for (const job of ['report-daily', 'nightly-backup']) await send('POST', `/jobs/${job}/run`, {});
if (minutes) console.log(`The picture is taken in ${minutes} minutes.`);
await setTimeout(minutes * 60_000);

// A page that shows a sentence plans it; nothing is applied.
const SENTENCES = {
  en: 'Watch https://shop.example every 5 minutes and send a report every day at 07:00',
  id: 'Pantau https://tokosaya.example tiap 5 menit dan buat laporan harian jam 07:00',
};
const plan = (language) => `/plan?prompt=${encodeURIComponent(SENTENCES[language])}`;
const [incident] = await fetch(`${api}/incidents?state=closed&limit=1`).then((answer) => answer.json());
if (!incident) throw new Error('There is no closed incident: start the product with --demo.');
const DESKTOP = { width: 1440, height: 1000 };
const PHONE = { width: 390, height: 844 };
// `docs/` holds the pictures in English, `docs/id/` those in Indonesian.
const PICTURES = [
  { file: 'dashboard.png', language: 'en', theme: 'dark', path: '/', size: DESKTOP },
  { file: 'pictures/plan.png', language: 'en', theme: 'light', path: plan('en'), size: DESKTOP, shows: '[data-job]' },
  { file: 'pictures/incident.png', language: 'en', theme: 'light', path: `/incidents/${incident.id}`, size: DESKTOP },
  { file: 'pictures/monitors.png', language: 'en', theme: 'light', path: '/monitors', size: DESKTOP },
  { file: 'id/gambar/rencana.png', language: 'id', theme: 'light', path: plan('id'), size: DESKTOP, shows: '[data-job]' },
  { file: 'id/gambar/ponsel.png', language: 'id', theme: 'light', path: '/', size: PHONE },
];

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const { file, language, theme, path, size, shows = 'h1' } of PICTURES) {
  if (chosen.length > 0 && !chosen.some((name) => file.endsWith(`${name}.png`))) continue;
  const locale = { en: 'en-GB', id: 'id-ID' }[language];
  const context = await browser.newContext({ baseURL: dashboard, viewport: size, locale, timezoneId: 'Asia/Jakarta' });
  await context.addCookies([{ name: 'mj_lang', value: language, url: dashboard }]);
  await context.addInitScript((wanted) => localStorage.setItem('theme', wanted), theme);
  const page = await context.newPage();
  await page.goto(path);
  await page.locator('[data-live=live]').first().waitFor();
  await page.locator(shows).first().waitFor();
  await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined); // The event stream stays open.
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/${file}`, import.meta.url)) });
  await context.close();
}
await browser.close();
