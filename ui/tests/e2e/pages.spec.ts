import type { Page } from '@playwright/test';
import { findings, overflow } from './support/accessible';
import { measureLoad } from './support/budget';
import { expect, open, test } from './support/fixtures';
import { EMPTY_PAGES, PAGES, fill, pathOf, type Filled } from './support/pages';

test.use({ platform: 'pages' });

const WIDTHS = [1_440, 1_024, 390];

async function check(page: Page, path: string, problems: string[]): Promise<void> {
  await open(page, path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
  expect(await findings(page)).toEqual([]);
  expect(problems).toEqual([]);
}

// The pages of an empty platform come first: tests of a file run in its order. Each has one theme and language here, by
// turns; with something on it, every page has both below.
const isFull = Boolean(process.env.E2E_FULL);
for (const [turn, theme] of (['light', 'dark'] as const).entries()) {
  test.describe(`on an empty platform, ${theme}`, () => {
    test.use({ theme, lang: theme === 'dark' ? 'id' : 'en' });
    for (const path of EMPTY_PAGES.filter((_, at) => isFull || at % 2 === turn)) {
      test(`${path} is accessible and complains of nothing`, async ({ page, problems }) => check(page, path, problems));
    }
  });
}

test.describe('on a platform with something of everything', () => {
  let filled: Filled;
  test.beforeAll(async ({ stack }) => {
    filled = await fill(stack);
  });
  for (const path of PAGES) {
    test(`${path} is accessible, complains of nothing, stays within its budget and fits into every width`, async ({ page, problems }) => {
      const checkBudget = measureLoad(page);
      await check(page, pathOf(path, filled), problems);
      await checkBudget(path);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect.soft(await overflow(page), `${width} px`).toBeLessThanOrEqual(0);
      }
    });
  }
  test('/sign-in stays within its budget', async ({ page }) => {
    const checkBudget = measureLoad(page);
    const answer = await page.goto('/sign-in', { waitUntil: 'load' });
    expect(answer?.status()).toBe(200);
    await checkBudget('/sign-in');
  });
  test.describe('dark', () => {
    test.use({ theme: 'dark', lang: 'id' });
    for (const path of PAGES) {
      test(`${path} is accessible and complains of nothing`, async ({ page, problems }) =>
        check(page, pathOf(path, filled), problems));
    }
  });
});
