import { describe, expect, it } from 'vitest';
import { fromLocal, toLocal } from './local-time';

describe('a time that a person chooses', () => {
  it('comes back as it was chosen, in the zone of the browser', () => {
    expect(toLocal(fromLocal('2026-03-29T02:15'))).toMatch(/^2026-03-29T0[23]:15$/);
    expect(toLocal(fromLocal('2026-11-25T07:00'))).toBe('2026-11-25T07:00');
    expect(fromLocal('2026-11-25T07:00')).toBe(new Date(2026, 10, 25, 7, 0).toISOString());
  });

  it('is empty for an empty or invalid value', () => {
    expect([toLocal(''), toLocal('soon'), fromLocal(''), fromLocal('soon')]).toEqual(['', '', '', '']);
  });
});
