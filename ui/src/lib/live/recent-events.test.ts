import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventBody } from '@/lib/api/queries';
import { RecentEvents } from './recent-events';

const event = (n: number) => ({ id: `1-${n}` }) as EventBody;

describe('the events of the last seconds', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('are forgotten after five seconds', () => {
    const recent = new RecentEvents();
    recent.add([event(1)]);
    vi.advanceTimersByTime(4_000);
    recent.add([event(2)]);
    expect(recent.list().map((each) => each.id)).toEqual(['1-1', '1-2']);
    vi.advanceTimersByTime(2_000);
    expect(recent.list().map((each) => each.id)).toEqual(['1-2']);
  });

  it('are at most 500, the newest, also if nothing is read for an hour', () => {
    const recent = new RecentEvents();
    for (let n = 0; n < 10_000; n += 1) recent.add([event(n)]);
    expect(Object.values(recent).flat()).toHaveLength(500);
    expect(recent.list().at(-1)?.id).toBe('1-9999');
    recent.add(Array.from({ length: 2_000 }, (_, n) => event(n)));
    expect(recent.list()).toHaveLength(500);
  });
});
