import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Page } from '@/lib/api/client';
import type { EventBody, Job, RunDetail, RunRow, RunStatus } from '@/lib/api/queries';

/*
 * Patches shown data with an event of a run. `rev` increases with every transition, so a late, repeated or reordered
 * event is recognised and changes nothing.
 */

const TERMINAL: ReadonlySet<RunStatus> = new Set(['success', 'failed', 'cancelled']);
const RECENT_RUNS = 40;

/** The run after the event; the same object if the event is not newer. */
export function mergeRun<T extends RunRow>(run: T, event: EventBody): T {
  if (event.run_id !== run.run_id || event.rev === null) return run;
  if (event.type === 'run.progress') return event.rev === run.rev ? { ...run, progress: event.data } : run;
  if (event.status === null || event.rev <= run.rev) return run;
  const status = event.status as RunStatus;
  const data = event.data as { duration_ms?: number };
  return {
    ...run,
    status,
    rev: event.rev,
    started_at: status === 'running' ? event.at : run.started_at,
    queued_at: status === 'queued' ? event.at : run.queued_at,
    ended_at: TERMINAL.has(status) ? event.at : null,
    duration_ms: TERMINAL.has(status) ? (data.duration_ms ?? run.duration_ms) : null,
    // A final failure is a dead letter until a read says otherwise.
    dead_letter: status === 'failed',
    attempt: status === 'running' ? run.attempt + 1 : run.attempt,
    failures: status === 'retrying' ? run.failures + 1 : run.failures,
  };
}

// The index of each run in a page: computed once for an array, which is replaced when it changes.
const places = new WeakMap<readonly RunRow[], Map<string, number>>();

function placeOf(rows: readonly RunRow[], runId: string | null): number {
  if (runId === null) return -1;
  let known = places.get(rows);
  if (known === undefined) {
    known = new Map(rows.map((row, index) => [row.run_id, index]));
    places.set(rows, known);
  }
  return known.get(runId) ?? -1;
}

function replaceAt(rows: RunRow[], at: number, row: RunRow): RunRow[] {
  const next = rows.with(at, row);
  const known = places.get(rows);
  // The same runs in the same places.
  if (known !== undefined) places.set(next, known);
  return next;
}

/** The rows after the event, in the same order; the same array if nothing changed. */
export function mergeRows(rows: RunRow[], event: EventBody): RunRow[] {
  const at = placeOf(rows, event.run_id);
  const before = rows[at];
  if (before === undefined) return rows;
  const after = mergeRun(before, event);
  return after === before ? rows : replaceAt(rows, at, after);
}

/** The job whose strip has the event's run, or gains it at its newest end. */
export function mergeJob(job: Job, event: EventBody): Job {
  if (event.job_id !== job.job_id || event.run_id === null || event.status === null) return job;
  const status = event.status as RunStatus;
  const at = job.recent.findIndex((each) => each.run_id === event.run_id);
  const before = job.recent[at];
  const duration = (event.data as { duration_ms?: number }).duration_ms ?? null;
  const brief = { run_id: event.run_id, status, duration_ms: duration };
  if (before === undefined) {
    // The first event of a run has rev 1; any other belongs to a run that the strip no longer shows.
    if (event.rev !== 1) return job;
    const recent = [brief, ...job.recent].slice(0, RECENT_RUNS);
    return { ...job, recent, last_run: brief, next_run_at: nextFire(job, event.run_id) };
  }
  if (before.status === status || (TERMINAL.has(before.status) && status !== 'queued')) return job;
  const recent = job.recent.with(at, brief);
  return { ...job, recent, last_run: at === 0 ? brief : job.last_run };
}

/** The fire after the slot that this run is: known for an interval; a cron's comes with the next read. */
function nextFire(job: Job, runId: string): string | null {
  const slot = Number(runId.split('@')[1]);
  const every = job.schedule?.interval_sec;
  if (!every || !slot || job.schedule?.end_at) return job.next_run_at;
  return new Date(Math.max(slot + every * 1_000, Date.parse(job.next_run_at ?? '') || 0)).toISOString();
}

type Pages<T> = InfiniteData<Page<T>>;

function mergePages<T>(pages: Pages<T> | undefined, merge: (items: T[]) => T[]): Pages<T> | undefined {
  if (pages === undefined) return pages;
  let changed = false;
  const merged = pages.pages.map((page) => {
    const items = merge(page.items);
    if (items === page.items) return page;
    changed = true;
    return { ...page, items };
  });
  return changed ? { ...pages, pages: merged } : pages;
}

const LISTS = ['runs', 'job-runs'] as const;

/** Put a run as it was just read in its places; lists keep their order. */
export function applyRun(client: QueryClient, run: RunRow): void {
  const put = (rows: RunRow[]) => {
    const at = placeOf(rows, run.run_id);
    const before = rows[at];
    if (before === undefined || before.rev > run.rev) return rows;
    const isSame =
      before.rev === run.rev &&
      before.dead_letter === run.dead_letter &&
      before.cancel_requested === run.cancel_requested &&
      before.error?.at === run.error?.at &&
      before.found?.state === run.found?.state;
    return isSame ? rows : replaceAt(rows, at, run);
  };
  for (const key of LISTS) {
    client.setQueriesData<Pages<RunRow>>({ queryKey: [key] }, (pages) => mergePages(pages, put));
  }
}

/** The row of a run in any list that is kept. */
export function listedRow(client: QueryClient, runId: string): RunRow | undefined {
  const lists = LISTS.flatMap((key) => client.getQueriesData<Pages<RunRow>>({ queryKey: [key] }));
  for (const [, list] of lists) {
    for (const { items } of list?.pages ?? []) {
      const row = items[placeOf(items, runId)];
      if (row !== undefined) return row;
    }
  }
  return undefined;
}

/** Patch the cached data of a run with its event. */
export function applyRunEvent(client: QueryClient, event: EventBody): void {
  for (const key of LISTS) {
    client.setQueriesData<Pages<RunRow>>({ queryKey: [key] }, (pages) =>
      mergePages(pages, (rows) => mergeRows(rows, event)),
    );
  }
  client.setQueryData<RunDetail>(['run', event.run_id], (run) => run && mergeRun(run, event));
  client.setQueriesData<Pages<Job>>({ queryKey: ['jobs'] }, (pages) =>
    mergePages(pages, (jobs) => {
      const at = jobs.findIndex((job) => job.job_id === event.job_id);
      const before = jobs[at];
      if (before === undefined) return jobs;
      const after = mergeJob(before, event);
      return after === before ? jobs : jobs.with(at, after);
    }),
  );
  client.setQueryData<Job>(['job', event.job_id], (job) => job && mergeJob(job, event));
}
