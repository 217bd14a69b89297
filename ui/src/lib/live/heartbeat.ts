import { checkApi, type HealthCheck } from './health-check';
import type { Trouble } from './health';

/** Silence of the stream after which the API is asked. With the 2.5 s for an answer, a hung API is found within 5 s. */
const EVERY_MS = 2_000;
/** Waits between checks without a response; the last one repeats. */
const RETRY_MS = [1_000, 2_000, 3_000, 5_000] as const;
/** A timer that is this late: the machine slept, or the tab was frozen. */
const SLEEP_GAP_MS = 10_000;
const SUSPECT_MS = 10_000;

const ALIVE: HealthCheck = { trouble: null, detail: '', error: null };

export type HeartbeatHooks = {
  onCheck: (check: HealthCheck, checkStartedAt: number) => void;
  /** The stream delivered data at this moment; no request was needed. */
  onHeard: (at: number) => void;
  onTry: (isTrying: boolean, retryAt: number) => void;
  onWake: () => void;
};

/** Checks every two seconds whether the API answers: by data of the stream, else by a request. */
export class Heartbeat {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = 0;
  private isRunning = false;
  private round = 0;
  private isAsking = false;
  private failures = 0;
  private heardAt = 0;
  private suspect: { trouble: Trouble; until: number } | null = null;

  constructor(
    private readonly hooks: HeartbeatHooks,
    private readonly check: () => Promise<HealthCheck> = checkApi,
  ) {}

  start(): void {
    this.stop();
    this.isRunning = true;
    void this.ask();
  }

  stop(): void {
    this.isRunning = false;
    this.isAsking = false;
    this.round += 1;
    clearTimeout(this.timer);
  }

  /** Something came over the stream. */
  heard(): void {
    this.heardAt = Date.now();
    // Data after silence may end the outage: check at once.
    if (this.failures > 0) this.askNow();
  }

  askNow(): void {
    if (!this.isRunning || this.isAsking) return;
    clearTimeout(this.timer);
    void this.ask();
  }

  /** The result of a read: it names the cause if the next request has no answer at all. */
  suspected(trouble: Trouble): void {
    this.suspect = { trouble, until: Date.now() + SUSPECT_MS };
  }

  private async ask(): Promise<void> {
    const round = this.round;
    const askedAt = Date.now();
    this.isAsking = true;
    this.hooks.onTry(true, 0);
    const result = await this.check();
    if (round !== this.round) return;
    // A busy API may be late with an answer: data on the stream meanwhile show that it is alive.
    const check = result.trouble !== null && this.heardAt >= askedAt ? ALIVE : result;
    this.isAsking = false;
    this.failures = check.trouble === null ? 0 : this.failures + 1;
    const waitMs = this.failures === 0 ? EVERY_MS : RETRY_MS[Math.min(this.failures, RETRY_MS.length) - 1]!;
    this.plan(waitMs);
    this.hooks.onTry(false, this.failures === 0 ? 0 : this.due);
    this.hooks.onCheck(this.named(check), askedAt);
  }

  private named(check: HealthCheck): HealthCheck {
    if (check.trouble !== 'dashboard' || !check.error?.isTimeout || this.suspect === null) return check;
    return this.suspect.until > Date.now() ? { ...check, trouble: this.suspect.trouble } : check;
  }

  private plan(waitMs: number): void {
    this.due = Date.now() + waitMs;
    this.timer = setTimeout(() => this.tick(), waitMs);
  }

  private tick(): void {
    const now = Date.now();
    if (now - this.due > SLEEP_GAP_MS) this.hooks.onWake();
    // The wall clock may have been set back: only a moment that is not in the future counts.
    const silentMs = now - this.heardAt;
    if (this.failures > 0 || silentMs < 0 || silentMs >= EVERY_MS) {
      this.askNow();
      return;
    }
    this.hooks.onHeard(this.heardAt);
    this.plan(EVERY_MS - silentMs);
  }
}
