import { describe, expect, it } from 'vitest';
import { formatFire, displayTimeZones } from './time-zones';

const NOW = Date.parse('2026-11-25T15:00:00Z');

describe('formatFire', () => {
  it('formats the day in the zone and names the zone', () => {
    expect(formatFire('2026-11-25T17:30:00Z', NOW, 'Asia/Jakarta', 'en')).toBe('Thu 26 Nov, 00:30:00 WIB');
    expect(formatFire('2026-11-25T17:30:00Z', NOW, 'UTC', 'id')).toBe('Rab 25 Nov, 17:30:00 UTC');
  });

  it('includes the year if it differs in that zone', () => {
    expect(formatFire('2026-12-31T17:30:00Z', NOW, 'Asia/Jakarta', 'en')).toBe('Fri 1 Jan 2027, 00:30:00 WIB');
    expect(formatFire('2026-12-31T17:30:00Z', NOW, 'UTC', 'en')).toBe('Thu 31 Dec, 17:30:00 UTC');
  });
});

describe('zonesOf', () => {
  it('lists each zone once, the job’s first', () => {
    expect(displayTimeZones('Asia/Jakarta', 'Asia/Makassar')).toEqual(['Asia/Jakarta', 'Asia/Makassar', 'UTC']);
    expect(displayTimeZones('Asia/Jakarta', 'Asia/Jakarta')).toEqual(['Asia/Jakarta', 'UTC']);
    expect(displayTimeZones('Etc/UTC', 'UTC')).toEqual(['UTC']);
  });
});
