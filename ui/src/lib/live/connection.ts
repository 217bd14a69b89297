import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../api';
import { runRow, type EventBody } from '../queries';
import { applyRun, applyRunEvent, isListed } from './merge';
import { RecentEvents } from './recent-events';
import { Refresher } from './refresh';
import { followEvents, type StreamSignal } from './stream';

/**
 * connecting: not yet · live: events flow · paused: the person holds the page still ·
 * polling: the stream is lost, everything is read again each 5 s · degraded: the API waits for Redis.
 */
export type LiveState = 'connecting' | 'live' | 'paused' | 'polling' | 'degraded';

const POLL_MS = 5_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;
// Events that come together are painted together: a busy deployment must not paint a thousand times a second.
const BATCH_MS = 50;
// What events of runs change in place; other answers need no second look.
const PATCHED: ReadonlySet<unknown> = new Set(['run', 'runs', 'job-runs', 'job', 'jobs']);
const MAX_RUN_READS = 8;

/** The stream of one tab: opens it, opens it again where it went on, closes it while nobody looks. */
export class LiveConnection {
  private readonly refresher: Refresher;
  private stop: AbortController | null = null;
  private opened = false;
  private paused = false;
  private retryMs = FIRST_RETRY_MS;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private poll: ReturnType<typeof setInterval> | undefined;
  private endPeriodic: (() => void) | undefined;
  private batch: EventBody[] = [];
  private flushing: ReturnType<typeof setTimeout> | undefined;
  private reading = 0;
  private readonly recent = new RecentEvents();
  private readonly stopWatching: () => void;

  constructor(
    private readonly client: QueryClient,
    /** The event from which to go on; what the page shows is at least as new. */
    private lastId: string | null,
    private readonly setState: (state: LiveState) => void,
    private readonly tell: (event: EventBody) => void,
  ) {
    this.refresher = new Refresher(client);
    this.stopWatching = client.getQueryCache().subscribe((change) => {
      // An answer may be older than an event that came while it was under way; `rev` says which.
      const isRead = change.type === 'updated' && change.action.type === 'success' && !change.action.manual;
      // What the server sent with a page is put in while that is rendered: it is patched right after.
      const isSent = change.type === 'added' && change.query.state.data !== undefined;
      if (!PATCHED.has(change.query.queryKey[0])) return;
      if (isRead) this.applyRecent();
      if (isSent) setTimeout(() => this.applyRecent(), 0);
    });
  }

  start(): void {
    document.addEventListener('visibilitychange', this.onVisibility);
    if (!document.hidden) this.open();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.disconnect();
    this.refresher.stop();
    this.stopWatching();
  }

  pause(): void {
    this.paused = true;
    this.disconnect();
    this.setState('paused');
  }

  resume(): void {
    this.paused = false;
    this.open();
  }

  private readonly onVisibility = () => {
    if (document.hidden) this.disconnect();
    else if (!this.paused) this.open();
  };

  private open(): void {
    this.disconnect();
    // What no event tells is stale after a break, whatever the stream still has.
    if (this.opened) this.refresher.all();
    this.opened = true;
    this.endPeriodic = this.refresher.periodic();
    this.follow();
  }

  private follow(): void {
    const stop = new AbortController();
    this.stop = stop;
    const handlers = {
      onEvent: this.onEvent,
      onSignal: this.onSignal,
      onId: (id: string) => {
        this.lastId = id;
      },
    };
    followEvents(this.lastId, handlers, stop.signal)
      .catch(() => undefined)
      .finally(() => {
        if (this.stop === stop) this.lost();
      });
  }

  private disconnect(): void {
    clearTimeout(this.retry);
    clearInterval(this.poll);
    clearTimeout(this.flushing);
    this.poll = undefined;
    this.flush();
    this.endPeriodic?.();
    this.endPeriodic = undefined;
    this.stop?.abort();
    this.stop = null;
  }

  /** The stream broke by itself: read everything now and then, and try it again. */
  private lost(): void {
    this.stop = null;
    this.setState('polling');
    this.poll ??= setInterval(() => this.refresher.all(), POLL_MS);
    this.endPeriodic?.();
    this.endPeriodic = undefined;
    this.retry = setTimeout(() => this.follow(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  private readonly onSignal = (signal: StreamSignal) => {
    if (signal === 'degraded') this.setState('degraded');
    if (signal === 'open' || signal === 'recovered') {
      this.setState('live');
      this.retryMs = FIRST_RETRY_MS;
      if (this.poll !== undefined) {
        clearInterval(this.poll);
        this.poll = undefined;
        this.endPeriodic = this.refresher.periodic();
        // What was asked for while nothing answered is still missing.
        this.refresher.all();
      }
      if (signal === 'recovered') this.refresher.all();
    }
    if (signal === 'reset') this.refresher.all();
  };

  private readonly onEvent = (event: EventBody) => {
    this.batch.push(event);
    this.flushing ??= setTimeout(() => this.flush(), BATCH_MS);
  };

  private flush(): void {
    this.flushing = undefined;
    const events = this.batch;
    this.batch = [];
    this.recent.add(events.filter(isOfRun));
    for (const event of events) {
      if (isOfRun(event)) {
        applyRunEvent(this.client, event);
        if (event.type === 'run.failed') void this.readFailed(event.run_id);
      }
      this.refresher.note(event);
      this.tell(event);
    }
  }

  private applyRecent(): void {
    for (const event of this.recent.list()) applyRunEvent(this.client, event);
  }

  /** An event says that a run failed, not why: rows that are shown say it after one read. */
  private async readFailed(runId: string): Promise<void> {
    if (this.reading >= MAX_RUN_READS || !isListed(this.client, runId)) return;
    this.reading += 1;
    try {
      applyRun(this.client, runRow(await unwrap(api.GET('/runs/{run_id}', { params: { path: { run_id: runId } } }))));
    } catch {
      // The row stays as its event left it; opening it reads it again.
    } finally {
      this.reading -= 1;
    }
  }
}

function isOfRun(event: EventBody): event is EventBody & { run_id: string } {
  return event.run_id !== null && event.type.startsWith('run.');
}
