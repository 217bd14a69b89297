import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const SERIOUS = new Set(['serious', 'critical']);

/** The serious and critical findings of axe, with their elements. */
export async function findings(page: Page): Promise<string[]> {
  // A report's frame runs no scripts, not even those of axe. Without frames, the page itself can sum up; else axe does
  // so in a page of its own, which is loaded for it. Elements that pass are not described.
  const axe = new AxeBuilder({ page }).options({ iframes: false, resultTypes: ['violations'] }).exclude('iframe');
  const { violations } = await axe.setLegacyMode(true).analyze();
  return violations
    .filter((violation) => SERIOUS.has(violation.impact ?? ''))
    .flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary}`));
}

/** How far the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
