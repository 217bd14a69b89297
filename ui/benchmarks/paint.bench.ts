import { expect, open, test, type Stack } from '../tests/e2e/support/fixtures';
import { quantile, tell } from './figures';

test.use({ platform: 'paint' });

// Every row is drawn: a virtual row is painted only when it comes into view.
const RUNS = 48;
const ROUNDS = 20;

type Event = { id: string; type: string; run_id: string | null; status: string | null };
type Seen = { key: string; at: number };

/** The time of each event of some runs: event ids begin with epoch milliseconds. */
async function eventTimes(stack: Stack, after: string): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  let from = after;
  for (;;) {
    const events = await stack.api<Event[]>('GET', `/events?after=${from}&limit=500`);
    if (events.length === 0) return times;
    for (const event of events) {
      // Before it was queued, no row could change.
      if (event.run_id && event.status && event.status !== 'queued') times.set(`${event.run_id} ${event.status}`, Number(event.id.split('-')[0]));
      from = event.id;
    }
  }
}

async function newestEvent(stack: Stack): Promise<string> {
  return (await stack.api<Event[]>('GET', '/events?limit=1'))[0]!.id;
}

test('rows of a list are painted soon after the change', async ({ page, stack }) => {
  await stack.api('POST', '/jobs', {
    job_id: 'bench-rows',
    type: 'simulation.load',
    inputs: { duration_ms: 700, jitter_ms: 600 },
    concurrency: { key: 'bench', limit: 6 },
  });
  const after = await newestEvent(stack);
  // Paused until the page is open, so that every change happens on an open page.
  await stack.api('POST', '/pause', { scope: 'job', name: 'bench-rows' });
  await stack.api('POST', '/runs/batch', Array.from({ length: RUNS }, () => ({ job_id: 'bench-rows' })));
  await open(page, '/runs?q=bench-rows');
  await page.evaluate(() => {
    const seen: Seen[] = [];
    Object.assign(window, { seen });
    new MutationObserver((records) => {
      const at = Date.now();
      for (const record of records) {
        const row = (record.target.parentElement ?? (record.target as Element)).closest('[data-key]');
        const state = row?.querySelector('[data-state]')?.getAttribute('data-state');
        if (row && state) seen.push({ key: `${row.getAttribute('data-key')} ${state}`, at });
      }
    }).observe(document.querySelector('main')!, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await stack.api('POST', '/resume', { scope: 'job', name: 'bench-rows' });
  await stack.until(async () => {
    const runs = await stack.api<{ status: string }[]>('GET', `/runs?job_id=bench-rows&limit=${RUNS}`);
    return runs.every((run) => run.status === 'success');
  }, 'all runs');
  await page.waitForTimeout(2_000);
  const seen = await page.evaluate(() => (window as unknown as { seen: Seen[] }).seen);
  const first = new Map<string, number>();
  for (const { key, at } of seen) if (!first.has(key)) first.set(key, at);
  const times = await eventTimes(stack, after);
  const late = [...first].flatMap(([key, at]) => (times.has(key) ? [at - times.get(key)!] : []));
  expect(late.length).toBeGreaterThan(RUNS);
  tell('change → row painted', 'p95 ≤ 500 ms', `p50 ${quantile(late, 0.5)}, p95 ${quantile(late, 0.95)}, longest ${Math.max(...late)} ms (${late.length} changes)`);
});

test('counters follow within a second', async ({ page, stack }) => {
  await stack.api('POST', '/jobs', { job_id: 'bench-count', type: 'simulation.load', inputs: { duration_ms: 1_500 } });
  await open(page, '/');
  const late: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const after = await newestEvent(stack);
    const one = page.locator('[data-count=running] .text-stat').filter({ hasText: /^1$/ });
    const none = page.locator('[data-count=running] .text-stat').filter({ hasText: /^0$/ });
    const { run_id: runId } = await stack.api<{ run_id: string }>('POST', '/jobs/bench-count/run');
    await one.waitFor();
    const up = Date.now();
    await none.waitFor();
    const down = Date.now();
    const times = await eventTimes(stack, after);
    late.push(up - times.get(`${runId} running`)!, down - times.get(`${runId} success`)!);
  }
  tell('change → counter painted', '≤ 1 s', `p50 ${quantile(late, 0.5)}, p95 ${quantile(late, 0.95)}, longest ${Math.max(...late)} ms (${late.length} changes)`);
});
