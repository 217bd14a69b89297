import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { EventBody } from '@/lib/api/queries';

/*
 * Which data an event makes stale, and how soon they are read again: counters within a second, statistics over many
 * runs less often. Lists of runs are never refetched automatically, because their rows would move.
 */
type Rule = { keys: (event: EventBody) => QueryKey[]; everyMs: number };

const COUNTERS_MS = 400;
const FIGURES_MS = 5_000;
const IN_FLIGHT_RETRY_MS = 50;
// Every run has its own keys: old ones can be forgotten.
const MAX_REMEMBERED = 500;

const RULES: Record<string, Rule[]> = {
  run: [
    { keys: () => [['queue'], ['run-counts']], everyMs: COUNTERS_MS },
    { keys: (event) => (event.run_id ? [['run', event.run_id], ['run-events', event.run_id]] : []), everyMs: 300 },
    { keys: () => [['stats'], ['jobs']], everyMs: FIGURES_MS },
    { keys: (event) => [['job', event.job_id], ['job-why', event.job_id], ['occurrences', event.job_id], ['monitor', event.job_id]], everyMs: FIGURES_MS },
    {
      keys: (event) => (event.type === 'run.failed' || 'redriven' in event.data ? [['dead-letters']] : []),
      everyMs: 1_000,
    },
    {
      keys: (event) => (event.type === 'run.success' ? [['reports'], ['exports'], ['last-backup'], ['inbox'], ['messages']] : []),
      everyMs: FIGURES_MS,
    },
  ],
  job: [
    { keys: (event) => [['jobs'], ['job', event.job_id], ['versions', event.job_id]], everyMs: COUNTERS_MS },
    { keys: () => [['fires'], ['job-count'], ['monitors'], ['monitor']], everyMs: FIGURES_MS },
    { keys: (event) => [['occurrences', event.job_id], ['job-why', event.job_id]], everyMs: COUNTERS_MS },
  ],
  schedule: [
    { keys: (event) => [['occurrences', event.job_id], ['job-why', event.job_id]], everyMs: FIGURES_MS },
  ],
  queue: [{ keys: () => [['queue'], ['jobs'], ['job'], ['fires'], ['monitors'], ['monitor']], everyMs: COUNTERS_MS }],
  incident: [
    { keys: (event) => [['incidents'], ['incident-summary'], ['incident', event.data.id]], everyMs: COUNTERS_MS },
    { keys: () => [['monitors']], everyMs: FIGURES_MS },
  ],
  monitor: [
    { keys: (event) => [['monitors'], ['monitor', event.job_id], ['job', event.job_id], ['job-ping', event.job_id]], everyMs: COUNTERS_MS },
    { keys: () => [['jobs']], everyMs: FIGURES_MS },
  ],
  account: [{ keys: () => [['connectors'], ['availability']], everyMs: COUNTERS_MS }],
  service: [{ keys: () => [['readiness'], ['workers']], everyMs: COUNTERS_MS }],
  dead_letter: [{ keys: () => [['dead-letters'], ['queue'], ['run-counts']], everyMs: COUNTERS_MS }],
  alarm: [{ keys: () => [['messages'], ['inbox']], everyMs: FIGURES_MS }],
};

const PATCHED_LISTS: ReadonlySet<unknown> = new Set(['runs', 'job-runs']);

// No event reports these: they are polled while the page is visible.
const PERIODIC: { key: QueryKey; everyMs: number }[] = [
  { key: ['readiness'], everyMs: 5_000 },
  { key: ['workers'], everyMs: 5_000 },
  { key: ['queue'], everyMs: 5_000 },
  { key: ['run-counts'], everyMs: 5_000 },
  { key: ['platform'], everyMs: 10_000 },
  { key: ['connectors'], everyMs: 15_000 },
  { key: ['stats'], everyMs: 15_000 },
  { key: ['long-stats'], everyMs: 60_000 },
  { key: ['jobs'], everyMs: 15_000 },
  { key: ['job'], everyMs: 15_000 },
  { key: ['dead-letters'], everyMs: 15_000 },
  { key: ['incidents'], everyMs: 15_000 },
  { key: ['incident'], everyMs: 15_000 },
  { key: ['incident-summary'], everyMs: 15_000 },
  { key: ['monitors'], everyMs: 15_000 },
  { key: ['monitor'], everyMs: 15_000 },
  { key: ['messages'], everyMs: 15_000 },
  { key: ['inbox'], everyMs: 15_000 },
  { key: ['availability'], everyMs: 60_000 },
  { key: ['fires'], everyMs: 60_000 },
];

/** Refetches stale data: at once if events are rare, else once in a period. */
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
    // A shown list of runs is patched from its first page and never refetched.
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
    // A response in flight may be older than the event: wait for it, then read again.
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
