import type { CDPSession } from '@playwright/test';
import { EventLoad } from './support/event-load';
import { Stack, expect, open, test as base } from './support/fixtures';
import { fill } from './support/pages';

// An hour at 37 events a second; without E2E_FULL a tenth of it, on the two pages that change the most.
const isFull = process.env.E2E_FULL === '1';
const PAGES = isFull
  ? ['/runs', '/', '/jobs', '/jobs/sync-stok', '/jobs/sync-stok?tab=events', '/dead-letters', '/messages', '/messages?tab=sandbox', '/workers', '/audit', '/connectors', '/reports']
  : ['/runs', '/'];
const EVENTS = isFull ? 133_200 : 12_000;
const GROWTH_MB = isFull ? 2 : 0.7;
// Code is compiled and caches are filled once; growth counts from here on.
const WARM_UP_EVENTS = isFull ? 20_000 : 4_000;
const NODES = 100;
const LISTENERS = 20;
// The timers of the last events have run, and their reads have been answered.
const SETTLE_MS = 1_500;
const MB = 1_000_000;

const load = new EventLoad();
const test = base.extend<object, { stack: Stack }>({
  stack: [
    async ({}, use) => {
      await load.start();
      const stack = new Stack({}, { API_BASE_URL: load.url });
      try {
        await stack.start();
        load.target = stack.apiUrl;
        await use(stack);
      } finally {
        await stack.stop();
        await load.stop();
      }
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

type HeapSample = { heapMb: number; nodes: number; listeners: number };

/** The memory that is still in use after a garbage collection. */
async function kept(browser: CDPSession): Promise<HeapSample> {
  for (let round = 0; round < 3; round += 1) await browser.send('HeapProfiler.collectGarbage');
  const { metrics } = await browser.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { heapMb: of('JSHeapUsedSize') / MB, nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

test.beforeAll(async ({ stack }) => {
  await fill(stack);
  await stack.api('POST', '/runs/batch', Array.from({ length: 150 }, () => ({ job_id: 'sync-stok' })));
});

for (const path of PAGES) {
  test(`${path} keeps its memory through ${EVENTS} events`, async ({ page }) => {
    test.setTimeout(isFull ? 600_000 : 180_000);
    const browser = await page.context().newCDPSession(page);
    await browser.send('Performance.enable');
    await open(page, path);
    await load.push(WARM_UP_EVENTS, 'sync-stok');
    await page.waitForTimeout(SETTLE_MS);
    const before = await kept(browser);
    await load.push(EVENTS, 'sync-stok');
    await page.waitForTimeout(SETTLE_MS);
    const after = await kept(browser);
    const grown = after.heapMb - before.heapMb;
    const seen = `${path}: ${before.heapMb.toFixed(2)} → ${after.heapMb.toFixed(2)} MB, ${before.nodes} → ${after.nodes} nodes, ${before.listeners} → ${after.listeners} listeners`;
    console.log(seen);
    expect(grown, seen).toBeLessThanOrEqual(GROWTH_MB);
    expect(after.nodes - before.nodes, seen).toBeLessThanOrEqual(NODES);
    expect(after.listeners - before.listeners, seen).toBeLessThanOrEqual(LISTENERS);
  });
}
