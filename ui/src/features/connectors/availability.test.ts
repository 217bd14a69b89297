import { expect, test } from 'vitest';
import { sharesOf, worstOf } from './availability';
import type { Quarter } from './queries';

const quarter = (ms: Partial<Quarter>): Quarter => ({
  at: '2026-11-25T00:00:00.000Z',
  up_ms: 0,
  degraded_ms: 0,
  down_ms: 0,
  not_configured_ms: 0,
  ...ms,
});

test('a quarter hour has its worst state, else its longest one', () => {
  expect(worstOf(quarter({ up_ms: 899_000, down_ms: 1_000 }))).toBe('down');
  expect(worstOf(quarter({ up_ms: 1, not_configured_ms: 2 }))).toBe('not_configured');
  expect(worstOf(quarter({ up_ms: 2, not_configured_ms: 1 }))).toBe('up');
  expect(worstOf(quarter({ up_ms: 900_000 }))).toBe('up');
  expect(worstOf(quarter({}))).toBeNull();
});

test('shares are of the observed time, largest first', () => {
  expect(sharesOf([quarter({ up_ms: 300, down_ms: 100 }), quarter({})])).toEqual([
    { state: 'up', share: 0.75 },
    { state: 'down', share: 0.25 },
  ]);
  expect(sharesOf([quarter({})])).toEqual([]);
});
