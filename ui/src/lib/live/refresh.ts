import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { EventBody } from '@/lib/api/queries';

/*
 * What an event makes stale, and how soon it is read again. Counters follow within a second; figures over many
 * runs are worth a read now and then. Lists of runs are never read again by themselves: they would shift under
 * the reader.
 */
type Rule = { keys: (event: EventBody) => QueryKey[]; everyMs: number };

const COUNTERS_MS = 400;
const FIGURES_MS = 5_000;
const IN_FLIGHT_RETRY_MS = 50;
// Every run has keys of its own: what was read long ago needs no remembering.
const MAX_REMEMBERED = 500;

const RULES: Record<string, Rule[]> = {
  run: [
    { keys: () => [['queue'], ['run-counts']], everyMs: COUNTERS_MS },
    { keys: (event) => (event.run_id ? [['run', event.run_id], ['run-events', event.run_id]] : []), everyMs: 300 },
    { keys: () => [['stats'], ['jobs']], everyMs: FIGURES_MS },
    { keys: (event) => [['job', event.job_id], ['job-why', event.job_id], ['occurrences', event.job_id]], everyMs: FIGURES_MS },
    {
      keys: (event) => (event.type === 'run.failed' || 'redriven' in event.data ? [['dead-letters']] : []),
      everyMs: 1_000,
    },
    {
      keys: (event) => (event.type === 'run.success' ? [['reports'], ['exports'], ['inbox'], ['messages']] : []),
      everyMs: FIGURES_MS,
    },
  ],
  job: [
    { keys: (event) => [['jobs'], ['job', event.job_id], ['versions', event.job_id]], everyMs: COUNTERS_MS },
    { keys: (event) => [['occurrences', event.job_id], ['job-why', event.job_id]], everyMs: COUNTERS_MS },
  ],
  schedule: [
    { keys: (event) => [['occurrences', event.job_id], ['job-why', event.job_id]], everyMs: FIGURES_MS },
  ],
  queue: [{ keys: () => [['queue'], ['jobs'], ['job']], everyMs: COUNTERS_MS }],
  account: [{ keys: () => [['connectors'], ['availability']], everyMs: COUNTERS_MS }],
  service: [{ keys: () => [['readiness'], ['workers']], everyMs: COUNTERS_MS }],
  dead_letter: [{ keys: () => [['dead-letters'], ['queue'], ['run-counts']], everyMs: COUNTERS_MS }],
  alarm: [{ keys: () => [['messages'], ['inbox']], everyMs: FIGURES_MS }],
};

const PATCHED_LISTS: ReadonlySet<unknown> = new Set(['runs', 'job-runs']);

// Not told by any event: read again now and then while the page is looked at.
const PERIODIC: { key: QueryKey; everyMs: number }[] = [
  { key: ['readiness'], everyMs: 5_000 },
  { key: ['workers'], everyMs: 5_000 },
  { key: ['queue'], everyMs: 5_000 },
  { key: ['run-counts'], everyMs: 5_000 },
  { key: ['platform'], everyMs: 10_000 },
  { key: ['connectors'], everyMs: 15_000 },
  { key: ['stats'], everyMs: 15_000 },
  { key: ['jobs'], everyMs: 15_000 },
  { key: ['job'], everyMs: 15_000 },
  { key: ['dead-letters'], everyMs: 15_000 },
  { key: ['messages'], everyMs: 15_000 },
  { key: ['inbox'], everyMs: 15_000 },
  { key: ['availability'], everyMs: 60_000 },
];

/** Reads again what is stale: at once when calm, at most once in its period when much happens. */
export class Refresher {
  private readonly last = new Map<string, number>();
  private readonly waiting = new Map<string, { due: number; timer: ReturnType<typeof setTimeout> }>();

  constructor(private readonly client: QueryClient) {}

  note(event: EventBody): void {
    for (const rule of RULES[event.type.split('.', 1)[0] ?? ''] ?? []) {
      for (const key of rule.keys(event)) this.soon(key, rule.everyMs);
    }
  }

  /** Start the periodic reads; returns how to end them. */
  periodic(): () => void {
    const timers = PERIODIC.map(({ key, everyMs }) => setInterval(() => this.soon(key, everyMs / 2), everyMs));
    return () => timers.forEach(clearInterval);
  }

  /** Read everything that is shown again; resolves when all of it was answered or refused. */
  all(): Promise<void> {
    // A list of runs that is there is patched by what its head says, never read again under the reader.
    return this.client.invalidateQueries({
      predicate: ({ queryKey, state }) => !PATCHED_LISTS.has(queryKey[0]) || state.data === undefined,
    });
  }

  stop(): void {
    this.waiting.forEach(({ timer }) => clearTimeout(timer));
    this.waiting.clear();
  }

  private soon(key: QueryKey, everyMs: number): void {
    const name = JSON.stringify(key);
    // Most events are of runs that no page shows: they get no timer and no memory.
    if (!this.waiting.has(name) && this.client.getQueryCache().find({ queryKey: key, exact: false }) === undefined) return;
    const now = performance.now();
    const due = Math.max(now, (this.last.get(name) ?? 0) + everyMs);
    // A read that waits already may wait for a longer period than this one asks for.
    if ((this.waiting.get(name)?.due ?? Infinity) > due) this.schedule(name, key, due - now);
  }

  private schedule(name: string, key: QueryKey, delayMs: number): void {
    clearTimeout(this.waiting.get(name)?.timer);
    const due = performance.now() + delayMs;
    this.waiting.set(name, { due, timer: setTimeout(() => this.read(name, key), delayMs) });
  }

  private read(name: string, key: QueryKey): void {
    // An answer that is under way may be older than what made it stale: it is waited for, then asked for anew.
    if (this.client.isFetching({ queryKey: key }) > 0) {
      this.schedule(name, key, IN_FLIGHT_RETRY_MS);
      return;
    }
    this.waiting.delete(name);
    this.remember(name);
    void this.client.invalidateQueries({ queryKey: key });
  }

  private remember(name: string): void {
    // Read again is newest again, so that the oldest is dropped first.
    this.last.delete(name);
    this.last.set(name, performance.now());
    if (this.last.size <= MAX_REMEMBERED) return;
    const [oldest] = this.last.keys();
    if (oldest !== undefined) this.last.delete(oldest);
  }
}
