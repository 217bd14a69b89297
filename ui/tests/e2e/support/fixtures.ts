import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { Stack } from './stack';

export { expect } from '@playwright/test';
export { Stack } from './stack';

type Fixtures = { lang: 'en' | 'id'; theme: 'light' | 'dark'; problems: string[] };
type WorkerFixtures = { platform: string; stack: Stack };

/**
 * A browser with its own platform. Tests with the same `platform` share it; each file uses another name, so that
 * files do not affect each other.
 */
export const test = base.extend<Fixtures, WorkerFixtures>({
  lang: ['en', { option: true }],
  theme: ['light', { option: true }],
  platform: ['', { scope: 'worker', option: true }],
  stack: [
    async ({ platform }, use) => {
      if (platform === '') throw new Error('test.use({ platform }) is missing');
      const stack = new Stack();
      try {
        await use(await stack.start());
      } finally {
        await stack.stop();
      }
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  baseURL: async ({ stack }, use) => use(stack.uiUrl),
  /** The errors of the page: scripts, hydration, content policy. */
  problems: async ({ page }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      // Playwright's own scripts are blocked in a report's sandboxed frame, as intended.
      const isOurs = message.location().url === 'about:srcdoc' || /Failed to load resource|about:srcdoc/.test(message.text());
      if (message.type() === 'error' && !isOurs) problems.push(message.text());
    });
    await use(problems);
  },
  page: async ({ page, lang, theme, stack }, use) => {
    await page.context().addCookies([{ name: 'mj_lang', value: lang, url: stack.uiUrl }]);
    await page.addInitScript((value) => window === window.top && localStorage.setItem('theme', value), theme);
    await use(page);
  },
});

/** Open a page and wait until it is alive: hydrated, and its event stream open. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator('[data-live=live]')).toBeVisible();
}

/** The button that applies a plan; it names what is to be looked at first. */
export function applyButton(page: Page): Locator {
  return page.getByRole('button', { name: /(apply|terapkan)…$/i });
}

let count = 0;

/** An id that no other test uses. */
export function uniqueId(name: string): string {
  count += 1;
  return `${name}-${process.pid}-${count}`;
}
