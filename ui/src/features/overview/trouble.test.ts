import { describe, expect, it } from 'vitest';
import { troubleOf } from './trouble';

const NOW = Date.parse('2026-11-25T10:00:00Z');
const job = { cooling_down_until: null, next_run_at: '2026-11-25T10:00:30Z', enabled: true };

describe('troubleOf', () => {
  it('names a cool-down, a late fire, else failures to decide on', () => {
    expect(troubleOf({ ...job, cooling_down_until: '2026-11-25T10:01:00Z' }, NOW)).toBe('cooling');
    expect(troubleOf({ ...job, next_run_at: '2026-11-25T09:58:00Z' }, NOW)).toBe('late');
    expect(troubleOf(job, NOW)).toBe('failed');
    expect(troubleOf({ ...job, enabled: false, next_run_at: '2026-11-25T09:58:00Z' }, NOW)).toBe('failed');
  });
});
