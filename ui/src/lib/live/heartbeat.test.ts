// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/lib/api/client';
import { troubleOf, type HealthCheck } from './health-check';
import { Heartbeat } from './heartbeat';

const HEALTHY: HealthCheck = { trouble: null, detail: '', error: null };
const HUNG: HealthCheck = { trouble: 'api_hung', detail: '', error: new ApiError(504, 'api_timeout', 't', 'd', '') };
const SILENT: HealthCheck = { trouble: 'dashboard', detail: '', error: new ApiError(0, 'timeout', 't', 'd', '') };
const TIMEOUT_MS = 2_500;

let answer: HealthCheck;
let asked: number[];
let checks: string[];
let began: number;
let woken: number;
let heardAt: number;
let retryAt: number;

const check = () =>
  new Promise<HealthCheck>((resolve) => {
    asked.push(Date.now() - began);
    const said = answer;
    setTimeout(() => resolve(said), said.trouble === null ? 1 : TIMEOUT_MS);
  });

function heartbeat(): Heartbeat {
  const hooks = {
    onCheck: (found: HealthCheck) => checks.push(found.trouble ?? 'fine'),
    onHeard: (at: number) => (heardAt = at),
    onTry: (_isTrying: boolean, at: number) => (retryAt = at),
    onWake: () => (woken += 1),
  };
  const made = new Heartbeat(hooks, check);
  made.start();
  return made;
}

beforeEach(() => {
  vi.useFakeTimers();
  [answer, asked, checks, began, woken, heardAt, retryAt] = [HEALTHY, [], [], Date.now(), 0, 0, 0];
});
afterEach(() => void vi.useRealTimers());

describe('the question whether the API answers', () => {
  it('is sent each two seconds while the stream is silent', async () => {
    heartbeat();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.length).toBe(5);
    expect(new Set(checks)).toEqual(new Set(['fine']));
  });

  it('is not needed while the stream delivers', async () => {
    const made = heartbeat();
    for (let second = 0; second < 60; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      made.heard();
    }
    expect(asked.length).toBe(1);
    expect(Date.now() - heardAt).toBeLessThan(2_500);
  });

  it('finds a hung API within six seconds of the last sign of life, whenever that was', async () => {
    for (const lastSignMs of [100, 1_000, 1_900, 2_100, 3_999]) {
      [answer, checks] = [HEALTHY, []];
      const made = heartbeat();
      await vi.advanceTimersByTimeAsync(lastSignMs);
      made.heard();
      answer = HUNG;
      await vi.advanceTimersByTimeAsync(6_000);
      expect(checks.at(-1), `${lastSignMs} ms`).toBe('api_hung');
      made.stop();
    }
  });

  it('is repeated after 1, 2, 3, then 5 s, and reports the next time', async () => {
    answer = HUNG;
    heartbeat();
    await vi.advanceTimersByTimeAsync(60_000);
    const waits = asked.slice(1).map((at, index) => at - asked[index]! - TIMEOUT_MS);
    expect(waits.slice(0, 5)).toEqual([1_000, 2_000, 3_000, 5_000, 5_000]);
    expect(retryAt === 0 || retryAt > Date.now()).toBe(true);
  });

  it('is sent at once by hand, and when the stream is heard after silence', async () => {
    answer = HUNG;
    const made = heartbeat();
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 10);
    made.askNow();
    expect(asked.length).toBe(2);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 10);
    answer = HEALTHY;
    made.heard();
    await vi.advanceTimersByTimeAsync(10);
    expect(checks.at(-1)).toBe('fine');
  });

  it('that gets no answer is no trouble if the stream has delivered meanwhile', async () => {
    answer = HUNG;
    const made = heartbeat();
    await vi.advanceTimersByTimeAsync(1_000);
    made.heard();
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    expect(checks).toEqual(['fine']);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(checks.at(-1)).toBe('api_hung');
  });

  it('is not sent while the tab is hidden', async () => {
    const made = heartbeat();
    made.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    made.askNow();
    expect(asked.length).toBe(1);
    expect(checks).toEqual([]);
  });

  it('names the cause that a read has found if it has no answer itself', async () => {
    answer = SILENT;
    const made = heartbeat();
    made.suspected('api_hung');
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 10);
    expect(checks).toEqual(['api_hung']);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(checks.at(-1)).toBe('dashboard');
  });

  it('is asked at once after the machine slept, and the stream is opened again', async () => {
    heartbeat();
    await vi.advanceTimersByTimeAsync(1_000);
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(woken).toBe(1);
    expect(asked.length).toBe(2);
  });

  it('goes on after the wall clock was set back', async () => {
    const made = heartbeat();
    await vi.advanceTimersByTimeAsync(500);
    made.heard();
    vi.setSystemTime(Date.now() - 3_600_000);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked.length).toBeGreaterThan(1);
    expect(woken).toBe(0);
  });
});

describe('the part that does not answer', () => {
  const error = (status: number, code: string) => new ApiError(status, code, 't', 'd', '');
  afterEach(() => vi.unstubAllGlobals());

  it('follows from the status and the code', () => {
    expect(troubleOf(error(504, 'api_timeout'))).toBe('api_hung');
    expect(troubleOf(error(502, 'api_unreachable'))).toBe('api_away');
    expect(troubleOf(error(502, 'error'))).toBe('dashboard');
    expect(troubleOf(error(0, 'timeout'))).toBe('dashboard');
    expect(troubleOf(error(401, 'unauthorized'))).toBeNull();
    expect(troubleOf(error(429, 'rate_limited'))).toBeNull();
    vi.stubGlobal('navigator', { onLine: false });
    expect(troubleOf(error(0, 'unreachable'))).toBe('offline');
  });
});
