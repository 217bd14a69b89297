import { api, toApiError, unwrap, type ApiError, type Schemas } from '@/lib/api/client';

export type LogLine = Schemas['LogLineBody'];

export type LogState = {
  lines: readonly LogLine[];
  /** The run has ended and its log is complete. */
  isComplete: boolean;
  /** Lines are missing, because the log was too long. */
  isTruncated: boolean;
  /** The current lines have been read once. */
  isRead: boolean;
  error: ApiError | null;
};

export type LogPart = { lines: LogLine[]; next: string; isComplete: boolean; isTruncated: boolean; hasMore: boolean };
export type ReadLog = (runId: string, after: string, limit: number) => Promise<LogPart>;

export const START = '0-0';
export const MAX_LINES = 10_000;
const FIRST_LINES = 1_000;
const EMPTY: LogState = { lines: [], isComplete: false, isTruncated: false, isRead: false, error: null };

export const readLog: ReadLog = async (runId, after, limit) => {
  let headers = new Headers();
  const answer = api.GET('/runs/{run_id}/logs', { params: { path: { run_id: runId }, query: { after, limit } } });
  const lines = await unwrap(
    answer.then((got) => {
      headers = got.response.headers;
      return got;
    }),
  );
  return {
    lines,
    next: headers.get('x-next-cursor') ?? lines.at(-1)?.cursor ?? after,
    isComplete: headers.get('x-log-complete') === 'true',
    isTruncated: headers.get('x-log-truncated') === 'true',
    hasMore: (headers.get('link') ?? '').includes('rel="next"'),
  };
};

/** Reads the log of one run and follows it while the run is active. */
export class LogFollower {
  private state = EMPTY;
  private cursor = START;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly runId: string,
    private readonly read: ReadLog = readLog,
  ) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly snapshot = () => this.state;

  /** Read the current log, then every `everyMs` until it is complete; returns a function that stops. */
  follow(everyMs: number | null): () => void {
    const turn = ++this.turn;
    const step = async () => {
      const isAgain = await this.step(turn);
      if (turn !== this.turn || isAgain === null) return;
      const wait = isAgain ? 0 : this.state.isComplete ? null : everyMs;
      if (wait !== null) this.timer = setTimeout(() => void step(), wait);
    };
    void step();
    return () => {
      this.turn += 1;
      clearTimeout(this.timer);
    };
  }

  /** Whether there is more now; null if a newer read has replaced this one. */
  private async step(turn: number): Promise<boolean | null> {
    try {
      const part = await this.read(this.runId, this.cursor, this.state.isRead ? MAX_LINES : FIRST_LINES);
      if (turn !== this.turn) return null;
      this.cursor = part.next;
      this.put({
        lines: part.lines.length > 0 ? [...this.state.lines, ...part.lines] : this.state.lines,
        isComplete: part.isComplete && !part.hasMore,
        isTruncated: this.state.isTruncated || part.isTruncated,
        isRead: true,
        error: null,
      });
      return part.hasMore;
    } catch (error) {
      if (turn !== this.turn) return null;
      this.put({ ...this.state, error: toApiError(error) });
      return false;
    }
  }

  private put(next: LogState): void {
    const now = this.state;
    const isSame =
      now.lines === next.lines &&
      now.isComplete === next.isComplete &&
      now.isTruncated === next.isTruncated &&
      now.isRead === next.isRead &&
      now.error === next.error;
    if (isSame) return;
    this.state = next;
    this.listeners.forEach((listener) => listener());
  }
}
