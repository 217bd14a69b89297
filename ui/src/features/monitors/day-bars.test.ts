import { describe, expect, it } from 'vitest';
import { dayBars, dayStarts, timeByState, watchedMs, type StateRange } from './day-bars';

const NOW = Date.parse('2026-11-25T10:00:00Z');
const range = (state: StateRange['state'], from: string, to: string | null): StateRange => ({ state, from, to, reason: null });

describe('dayStarts', () => {
  it('are the midnights of the zone', () => {
    expect(dayStarts(NOW, 'Asia/Jakarta', 2).map((at) => new Date(at).toISOString())).toEqual(['2026-11-23T17:00:00.000Z', '2026-11-24T17:00:00.000Z']);
  });
  it('follow a change of the clocks', () => {
    const starts = dayStarts(Date.parse('2026-10-26T10:00:00Z'), 'Europe/Berlin', 2);
    expect(starts[1]! - starts[0]!).toBe(25 * 3_600_000);
  });
});

describe('timeByState', () => {
  it('has the length of each state, and leaves out what was not watched', () => {
    const spent = timeByState([range('paused', '2026-11-25T00:00:00Z', '2026-11-25T09:50:00Z'), range('down', '2026-11-25T09:50:00Z', '2026-11-25T09:58:56Z'), range('up', '2026-11-25T09:58:56Z', null)], NOW - 3_600_000, NOW);
    expect(spent.get('down')).toBe(536_000);
    expect(watchedMs(spent)).toBe(600_000);
  });
});

describe('dayBars', () => {
  const history = [
    range('up', '2026-11-24T00:00:00Z', '2026-11-25T06:00:00Z'),
    range('down', '2026-11-25T06:00:00Z', '2026-11-25T07:00:00Z'),
    range('up', '2026-11-25T07:00:00Z', null),
  ];
  it('shows the worst state of a day, and its uptime', () => {
    const [before, yesterday, today] = dayBars(history, NOW, 'UTC', 3);
    expect(before).toMatchObject({ state: 'unknown', uptime: null });
    expect(yesterday).toMatchObject({ state: 'up', uptime: 1 });
    expect(today).toMatchObject({ state: 'down', uptime: 0.9, end: NOW });
  });
  it('does not count time that was not watched', () => {
    const [today] = dayBars([range('paused', '2026-11-25T00:00:00Z', '2026-11-25T08:00:00Z'), range('up', '2026-11-25T08:00:00Z', null)], NOW, 'UTC', 1);
    expect(today).toMatchObject({ state: 'paused', uptime: 1 });
  });
});
