import { describe, expect, it } from 'vitest';
import type { Schemas } from '@/lib/api/client';
import { CHART, barsOf, peakOf } from './throughput';

const minute = (success: number, failed: number) => ({ success, failed }) as Schemas['StatsMinute'];

describe('barsOf', () => {
  it('fills the height with the busiest minute, failures on top of successes', () => {
    const [bar] = barsOf([minute(6, 2), minute(1, 0)]);
    expect(bar?.failed.y).toBeCloseTo(0);
    expect(bar && bar.success.y + bar.success.height).toBeCloseTo(CHART.height);
    expect(bar && bar.failed.y + bar.failed.height + CHART.gap).toBeCloseTo(bar?.success.y ?? 0);
  });
  it('draws one run among thousands high enough to be seen', () => {
    const [, bar] = barsOf([minute(5_000, 0), minute(0, 1)]);
    expect(bar?.failed.height).toBe(2);
  });
  it('draws nothing for a quiet hour', () => {
    expect(barsOf([minute(0, 0)])[0]).toMatchObject({ success: { height: 0 }, failed: { height: 0 } });
    expect(peakOf([minute(0, 0)])).toBe(1);
  });
  it('keeps bars inside of the chart and apart from each other', () => {
    const bars = barsOf(Array.from({ length: 60 }, () => minute(1, 1)));
    expect(bars.every((bar, index) => bar.x >= index * 10 && bar.x + bar.width <= (index + 1) * 10)).toBe(true);
  });
});
