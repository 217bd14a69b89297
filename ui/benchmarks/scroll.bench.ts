import type { Page } from '@playwright/test';
import { expect, open, test, type Stack } from '../tests/e2e/support/fixtures';
import { median, tell } from './figures';

test.use({ platform: 'scroll' });

const ROUNDS = 5;
const COUNT = 10_000;
const BATCH = 1_000;

async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return (metrics.find((metric) => metric.name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 1_048_576;
}

/** Scroll an element, or the page, from end to end and back; the longest task of the main thread meanwhile. */
async function longestTask(page: Page, selector: string | null): Promise<number> {
  return page.evaluate(async (wanted) => {
    const target = (wanted && document.querySelector(wanted)) || document.scrollingElement!;
    if (target.scrollHeight < 50 * target.clientHeight) throw new Error('there is not much to scroll');
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
    });
    observer.observe({ type: 'longtask' });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (const step of [1, -1]) {
      for (let moved = 0; moved < 150; moved += 1) {
        target.scrollTop += (step * (target.scrollHeight - target.clientHeight)) / 150;
        await frame();
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    observer.disconnect();
    return longest;
  }, selector);
}

async function measure(page: Page, figure: string, selector: string | null): Promise<void> {
  const before = await heapMb(page);
  const longest: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) longest.push(await longestTask(page, selector));
  const after = await heapMb(page);
  const tasks = longest.map((ms) => Math.round(ms)).join(', ');
  tell(figure, 'no task over 100 ms', `median of longest ${Math.round(median(longest))} ms (${tasks})`);
  tell(`${figure}: heap`, 'bounded', `${before.toFixed(1)} MB before, ${after.toFixed(1)} MB after ${ROUNDS} passes`);
}

test('10,000 log lines scroll', async ({ page, stack }) => {
  await stack.api('POST', '/jobs', { job_id: 'bench-log', type: 'e2e.talk', inputs: { lines: COUNT } });
  const { run_id: runId } = await stack.api<{ run_id: string }>('POST', '/jobs/bench-log/run');
  await stack.untilRun(runId, 'success');
  await open(page, `/runs/${runId}?tab=logs`);
  await expect(page.getByText('10,000 lines')).toBeVisible({ timeout: 60_000 });
  await measure(page, 'scrolling 10,000 log lines', '[data-log]');
});

async function makeRuns(stack: Stack): Promise<void> {
  await stack.api('POST', '/jobs', { job_id: 'bench-many', type: 'simulation.load', inputs: { duration_ms: 0 } });
  for (let made = 0; made < COUNT; made += BATCH) {
    await stack.api('POST', '/runs/batch', Array.from({ length: BATCH }, () => ({ job_id: 'bench-many' })));
  }
  await stack.until(async () => {
    const counts = await stack.api<{ queued: number; running: number }>('GET', '/runs/counts');
    return counts.queued + counts.running === 0;
  }, 'all runs');
}

test('10,000 runs scroll', async ({ page, stack }) => {
  await makeRuns(stack);
  await open(page, '/runs');
  // Pages are read as their end comes near.
  await expect(async () => {
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    const rows = Number(await page.getByRole('table').first().getAttribute('aria-rowcount'));
    expect(rows).toBeGreaterThan(COUNT);
  }).toPass({ timeout: 300_000, intervals: [50] });
  await measure(page, 'scrolling 10,000 runs', null);
});
