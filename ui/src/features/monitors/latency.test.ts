import { describe, expect, it } from 'vitest';
import { CHART, QUARTER_MS, SLOTS, linesOf, slotsOf, topOf, type Quarter } from './latency';

const NOW = Date.parse('2026-11-25T10:07:00Z');
const quarter = (at: string, p50: number | null, p95: number | null): Quarter => ({ at, p50_ms: p50, p95_ms: p95, uptime: 1, checks: 1 });

describe('slotsOf', () => {
  it('are the 96 quarter hours up to now, each with what was seen in it', () => {
    const slots = slotsOf([quarter('2026-11-25T10:00:00Z', 10, 20)], NOW);
    expect(slots).toHaveLength(SLOTS);
    expect(slots.at(-1)?.quarter?.p50_ms).toBe(10);
    expect(slots[0]).toEqual({ at: Date.parse('2026-11-25T10:00:00Z') - 95 * QUARTER_MS, quarter: null });
  });
});

describe('topOf', () => {
  it('is a round number that nothing exceeds', () => {
    expect(topOf([quarter('2026-11-25T10:00:00Z', 10, 180)])).toBe(200);
    expect(topOf([quarter('2026-11-25T10:00:00Z', 10, 501)])).toBe(1_000);
    expect(topOf([])).toBe(1);
  });
});

describe('linesOf', () => {
  it('ends a line at a gap, and draws a single point as a short line', () => {
    const slots = slotsOf(
      [quarter('2026-11-25T09:00:00Z', 50, 100), quarter('2026-11-25T09:45:00Z', 50, 100), quarter('2026-11-25T10:00:00Z', 100, null)],
      NOW,
    );
    expect(linesOf(slots, 'p50_ms', 100)).toEqual([
      `911,${CHART.height / 2}.0 919,${CHART.height / 2}.0`,
      `945,${CHART.height / 2}.0 955,0.0`,
    ]);
    expect(linesOf(slots, 'p95_ms', 100)).toHaveLength(2);
  });
});
