import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// Playwright's own browsers cannot be downloaded everywhere: use the system's Chromium.
const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROMIUM || CANDIDATES.find(existsSync);

export default defineConfig({
  testDir: 'tests/e2e',
  // They end a test that hangs: a busy machine may take many times as long as an idle one.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  fullyParallel: false,
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Asia/Jakarta',
    launchOptions: { executablePath, args: ['--no-sandbox', '--disable-gpu'] },
    // The pages at each step, without a film of them, which costs a tenth of the processor.
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
});
