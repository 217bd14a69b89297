import type { QueryClient } from '@tanstack/react-query';
import { toApiError } from '@/lib/api/client';
import type { EventBody } from '@/lib/api/queries';
import { leaveIfSignedOut } from '@/lib/api/sign-in';
import { troubleOf, type HealthCheck } from './health-check';
import { EventPatcher } from './event-patcher';
import { isAway, type HealthStore } from './health';
import { Heartbeat } from './heartbeat';
import { Refresher } from './refresh';
import { followEvents, type StreamSignal } from './stream';

/**
 * connecting: not yet · live: events arrive · paused: the user paused updates · polling: the API answers but the
 * stream is lost, everything is refetched every 5 s · degraded: the API waits for Redis · stale: no response (see
 * Health).
 */
export type LiveState = 'connecting' | 'live' | 'paused' | 'polling' | 'degraded' | 'stale';

const POLL_MS = 5_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;

type Stream = 'opening' | 'open' | 'lost';

/** The event stream of one tab: opens it, resumes it after the last event, closes it while the tab is hidden. */
export class LiveConnection {
  private readonly refresher: Refresher;
  private readonly patcher: EventPatcher;
  private readonly heartbeat: Heartbeat;
  private readonly stopWatching: () => void;
  private stream: Stream = 'opening';
  private stop: AbortController | null = null;
  private isPaused = false;
  private isDegraded = false;
  private wasOpened = false;
  private reloads = 0;
  private retryMs = FIRST_RETRY_MS;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private poll: ReturnType<typeof setInterval> | undefined;
  private endPeriodic: (() => void) | undefined;

  constructor(
    client: QueryClient,
    /** The event to continue from; the page's data are at least as new. */
    private lastId: string | null,
    private readonly health: HealthStore,
    private readonly setState: (state: LiveState) => void,
    tell: (event: EventBody) => void,
  ) {
    this.refresher = new Refresher(client);
    this.patcher = new EventPatcher(client, this.refresher, tell);
    this.heartbeat = new Heartbeat({
      onCheck: this.onCheck,
      onHeard: (at) => this.freshen(at),
      onTry: (isTrying, retryAt) => this.health.set({ isTrying, retryAt }),
      onWake: () => !this.isPaused && this.open(),
    });
    this.stopWatching = client.getQueryCache().subscribe((change) => {
      if (change.type !== 'updated' || change.action.type !== 'error') return;
      const trouble = troubleOf(toApiError(change.action.error));
      if (trouble !== null) this.heartbeat.suspected(trouble);
    });
  }

  start(): void {
    document.addEventListener('visibilitychange', this.onVisibility);
    window.addEventListener('online', this.retryNow);
    // Data that the server rendered are at least as new as the request for the page.
    if (this.lastId !== null) this.health.freshen(performance.timeOrigin);
    this.onVisibility();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.onVisibility);
    window.removeEventListener('online', this.retryNow);
    this.heartbeat.stop();
    this.disconnect();
    this.refresher.stop();
    this.patcher.close();
    this.stopWatching();
  }

  pause(): void {
    this.isPaused = true;
    this.disconnect();
    this.publish();
  }

  resume(): void {
    this.isPaused = false;
    this.open();
  }

  /** Follow events in another language: the API writes them in the language of the request. */
  switchLanguage(): void {
    // If paused, hidden or broken, the next stream has it.
    if (this.stop !== null) this.follow();
  }

  /** Ask at once whether the API answers again. */
  readonly retryNow = (): void => this.heartbeat.askNow();

  private readonly onVisibility = () => {
    if (document.hidden) {
      this.heartbeat.stop();
      this.disconnect();
      return;
    }
    if (!this.isPaused) this.open();
    this.heartbeat.start();
  };

  private open(): void {
    this.disconnect();
    if (this.health.get().trouble === null) {
      // Data without events are stale after a break, even if the stream resumes completely.
      if (this.wasOpened) this.reload();
      this.wasOpened = true;
      this.endPeriodic = this.refresher.periodic();
    }
    this.follow();
    this.publish();
  }

  private follow(): void {
    const stop = new AbortController();
    this.stop?.abort();
    this.stop = stop;
    this.stream = 'opening';
    const handlers = {
      onEvent: this.patcher.add,
      onSignal: this.onSignal,
      onSign: () => this.heartbeat.heard(),
      onId: (id: string) => {
        this.lastId = id;
      },
    };
    followEvents(this.lastId, handlers, stop.signal)
      // A stream that ends because its session has ended must not look like an outage.
      .catch((error: unknown) => void leaveIfSignedOut(error))
      .finally(() => {
        if (this.stop === stop) this.lost();
      });
  }

  private disconnect(): void {
    this.quiet();
    clearTimeout(this.retry);
    this.patcher.flush();
    this.stop?.abort();
    this.stop = null;
    this.stream = 'opening';
    this.isDegraded = false;
  }

  /** Cancel all automatic reads. */
  private quiet(): void {
    clearInterval(this.poll);
    this.poll = undefined;
    this.endPeriodic?.();
    this.endPeriodic = undefined;
  }

  /** The stream broke: while the API answers, poll and reopen the stream. */
  private lost(): void {
    this.stop = null;
    this.stream = 'lost';
    this.isDegraded = false;
    this.heartbeat.askNow();
    if (this.health.get().trouble === null) this.pollOn();
    this.publish();
  }

  private pollOn(): void {
    this.quiet();
    this.poll = setInterval(() => this.reload(), POLL_MS);
    this.retry = setTimeout(() => this.follow(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  private reload(): void {
    const began = Date.now();
    this.reloads += 1;
    void this.refresher.all().finally(() => {
      this.reloads -= 1;
      if (!this.isPaused) this.freshen(began, true);
    });
  }

  private readonly onSignal = (signal: StreamSignal) => {
    if (signal === 'degraded') this.isDegraded = true;
    if (signal === 'open' || signal === 'recovered') {
      this.isDegraded = false;
      this.stream = 'open';
      this.retryMs = FIRST_RETRY_MS;
      // Reads that failed during the outage are still missing.
      if (this.poll !== undefined || signal === 'recovered') {
        this.quiet();
        this.endPeriodic = this.refresher.periodic();
        this.reload();
      }
    }
    if (signal === 'reset') this.reload();
    const { trouble } = this.health.get();
    if (this.isDegraded && trouble === null) this.note('redis', '', Date.now());
    if (!this.isDegraded && trouble === 'redis') this.note(null, '', Date.now());
    this.publish();
  };

  private readonly onCheck = (check: HealthCheck, askedAt: number) => {
    if (check.error?.status === 401) void leaveIfSignedOut(check.error);
    const before = this.health.get().trouble;
    // An API without Redis reports after a minute that it is not ready: the cause is the same.
    const isOfRedis = this.isDegraded && (check.trouble === null || check.trouble === 'api_unwell');
    const now = isOfRedis ? 'redis' : check.trouble;
    this.note(now, check.detail, askedAt);
    if (isAway(now)) {
      this.quiet();
      clearTimeout(this.retry);
    } else if (isAway(before) && !this.isPaused) {
      this.open();
    } else if (now === null) {
      this.freshen(askedAt);
    }
    this.publish();
  };

  private note(trouble: HealthCheck['trouble'], detail: string, at: number): void {
    const { trouble: before, since } = this.health.get();
    const isSameOutage = trouble !== null && before !== null;
    this.health.set({ trouble, detail, since: trouble === null ? 0 : isSameOutage ? since : at });
  }

  /** The page is complete up to an instant: the stream has delivered everything, or everything was just refetched. */
  private freshen(at: number, isRead = false): void {
    const isWhole = this.reloads === 0 && this.health.get().trouble === null;
    if (isWhole && (isRead || (this.stream === 'open' && !this.isPaused))) this.health.freshen(at);
  }

  private publish(): void {
    this.setState(this.stateNow());
  }

  private stateNow(): LiveState {
    if (this.isPaused) return 'paused';
    const { trouble } = this.health.get();
    if (trouble !== null) return trouble === 'redis' ? 'degraded' : 'stale';
    return this.stream === 'open' ? 'live' : this.stream === 'lost' ? 'polling' : 'connecting';
  }
}
