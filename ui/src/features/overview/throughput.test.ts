import { describe, expect, it } from 'vitest';
import { CHART, barsOf, endedIn, labelledBars, scaleOf, tickIndexes } from './throughput';

const interval = (success: number, failed = 0) => ({ success, failed });
const drawn = (intervals: ReturnType<typeof interval>[]) => barsOf(intervals, scaleOf(intervals));
const steady = (count: number, runs: number) => Array.from({ length: count }, () => interval(runs));

describe('barsOf', () => {
  it('fills the height with the busiest interval, failures on top of successes', () => {
    const [bar] = drawn([interval(6, 2), interval(2)]);
    expect(bar?.failed.y).toBeCloseTo(0);
    expect(bar && bar.success.y + bar.success.height).toBeCloseTo(CHART.height);
    expect(bar && bar.failed.y + bar.failed.height + CHART.gap).toBeCloseTo(bar?.success.y ?? 0);
  });
  it('draws one run among many high enough to be seen', () => {
    const [, bar] = drawn([interval(5_000), interval(0, 1), ...steady(60, 4_000)]);
    expect(bar?.failed.height).toBe(2);
  });
  it('draws nothing for a quiet range', () => {
    expect(drawn([interval(0)])[0]).toMatchObject({ success: { height: 0 }, failed: { height: 0 }, isCut: false });
    expect(scaleOf([interval(0)])).toEqual({ top: 1, peak: 1, cut: 0 });
    expect(drawn([])).toEqual([]);
  });
  it('keeps bars inside of the chart and apart from each other', () => {
    const bars = drawn(Array.from({ length: 60 }, () => interval(1, 1)));
    expect(bars.every((bar, index) => bar.x >= index * 10 && bar.x + bar.width <= (index + 1) * 10)).toBe(true);
  });
  it('does not let a spike flatten the rest', () => {
    const intervals = [...steady(40, 8), interval(900, 100), ...steady(19, 6)];
    const scale = scaleOf(intervals);
    expect(scale).toEqual({ top: 10, peak: 1_000, cut: 1 });
    const bars = barsOf(intervals, scale);
    expect(bars[0]?.success.height).toBeCloseTo(CHART.height * 0.8);
    expect(bars.map((bar) => bar.isCut).indexOf(true)).toBe(40);
    expect(bars.filter((bar) => bar.isCut)).toHaveLength(1);
    const spike = bars[40];
    expect(spike?.failed.y).toBeCloseTo(0);
    expect(spike && spike.failed.height / spike.success.height).toBeCloseTo(1 / 9);
  });
  it('cuts nothing if the load varies, or if there is only one bar with runs', () => {
    expect(scaleOf([interval(4), interval(1), interval(12)])).toMatchObject({ top: 12, cut: 0 });
    expect(scaleOf([interval(0), interval(500), interval(0)])).toMatchObject({ top: 500, cut: 0 });
    expect(scaleOf([interval(2), interval(900), interval(2)])).toMatchObject({ top: 2.5, peak: 900, cut: 1 });
    // Twelve is no spike among tens: it stays whole next to one.
    expect(scaleOf([...steady(50, 10), interval(12), interval(460)])).toMatchObject({ top: 15, cut: 1 });
    // Ten spikes among sixty bars are the usual load.
    const busy = [...steady(10, 100), ...steady(50, 1)];
    expect(scaleOf(busy)).toMatchObject({ top: 100, cut: 0 });
  });
});

describe('labelledBars', () => {
  it('has the number of each spike, but of neighbours only the highest', () => {
    const intervals = steady(60, 2);
    intervals[10] = interval(400);
    intervals[12] = interval(600);
    intervals[50] = interval(300);
    const scale = scaleOf(intervals);
    expect(scale.cut).toBe(3);
    expect(labelledBars(intervals, scale).map((index) => [index, endedIn(intervals[index]!)])).toEqual([[12, 600], [50, 300]]);
  });
});

describe('tickIndexes', () => {
  it('has the first, the last and three between them', () => {
    expect(tickIndexes(60)).toEqual([0, 15, 30, 44, 59]);
    expect(tickIndexes(168)).toEqual([0, 42, 84, 125, 167]);
    expect(tickIndexes(3)).toEqual([0, 1, 2]);
    expect(tickIndexes(0)).toEqual([]);
  });
});
