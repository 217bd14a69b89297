import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/lib/api/client';
import { runRow, type EventBody } from '@/lib/api/queries';
import { foundBy } from '@/lib/monitor-states';
import { applyRun, applyRunEvent, listedRow } from './merge';
import { RecentEvents } from './recent-events';
import type { Refresher } from './refresh';

// Events are applied in batches: a busy deployment must not cause a thousand renders a second.
const BATCH_MS = 50;
// Queries that events of runs change in place; other answers are not patched.
const PATCHED: ReadonlySet<unknown> = new Set(['run', 'runs', 'job-runs', 'job', 'jobs']);
const MAX_RUN_READS = 8;

/** Applies events to the data of queries: runs are patched in place, the rest is marked as stale. */
export class EventPatcher {
  private batch: EventBody[] = [];
  private flushing: ReturnType<typeof setTimeout> | undefined;
  private reading = 0;
  private readonly recent = new RecentEvents();
  private readonly stopWatching: () => void;

  constructor(
    private readonly client: QueryClient,
    private readonly refresher: Refresher,
    private readonly tell: (event: EventBody) => void,
  ) {
    this.stopWatching = client.getQueryCache().subscribe((change) => {
      // A response may be older than an event that arrived during the request; `rev` decides.
      const isRead = change.type === 'updated' && change.action.type === 'success' && !change.action.manual;
      // Data that the server rendered are added during rendering: patch them right after.
      const isSent = change.type === 'added' && change.query.state.data !== undefined;
      if (!PATCHED.has(change.query.queryKey[0])) return;
      if (isRead) this.applyRecent();
      if (isSent) setTimeout(() => this.applyRecent(), 0);
    });
  }

  close(): void {
    this.flush();
    this.stopWatching();
  }

  readonly add = (event: EventBody): void => {
    this.batch.push(event);
    this.flushing ??= setTimeout(() => this.flush(), BATCH_MS);
  };

  /** Apply the pending events. */
  flush(): void {
    clearTimeout(this.flushing);
    this.flushing = undefined;
    const events = this.batch;
    this.batch = [];
    this.recent.add(events.filter(isOfRun));
    for (const event of events) {
      if (isOfRun(event)) {
        applyRunEvent(this.client, event);
        if (event.type === 'run.failed' || event.type === 'run.success') void this.readEnded(event.run_id);
      }
      this.refresher.note(event);
      this.tell(event);
    }
  }

  private applyRecent(): void {
    for (const event of this.recent.list()) applyRunEvent(this.client, event);
  }

  /** An event does not contain the error of a failure, nor what a check has found: shown rows read it once. */
  private async readEnded(runId: string): Promise<void> {
    const row = listedRow(this.client, runId);
    if (this.reading >= MAX_RUN_READS || row === undefined) return;
    if (row.status !== 'failed' && foundBy(row) === null) return;
    this.reading += 1;
    try {
      applyRun(this.client, runRow(await unwrap(api.GET('/runs/{run_id}', { params: { path: { run_id: runId } } }))));
    } catch {
      // The row keeps the state of its event; opening it reads the run.
    } finally {
      this.reading -= 1;
    }
  }
}

function isOfRun(event: EventBody): event is EventBody & { run_id: string } {
  return event.run_id !== null && event.type.startsWith('run.');
}
