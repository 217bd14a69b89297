import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatEstimate, formatMoment, formatPercent, formatRelative, formatSoon, zoneName } from './index';

const NOW = Date.parse('2026-11-25T03:00:00Z');

describe('times', () => {
  it('formats a duration in its two largest units', () => {
    const lengths = [4, 950, 1_240, 38_200, 125_000, 11_400_000, 93_600_000];
    expect(lengths.map((ms) => formatDuration(ms, 'en'))).toEqual(['4 ms', '950 ms', '1.2s', '38.2s', '2m 05s', '3h 10m', '1d 2h']);
    expect(formatDuration(1_240, 'id')).toBe('1,2 dtk');
  });

  it('never rounds up to a unit that is not full', () => {
    expect(formatDuration(59_960, 'en')).toBe('59.9s');
    expect(formatDuration(3_599_900, 'en')).toBe('59m 59s');
  });

  it('rounds a percentile by less than half a percent', () => {
    const lengths = [4, 950, 1_074, 38_240, 83_571, 125_000, 4_547_000, 11_400_000];
    expect(lengths.map((ms) => formatEstimate(ms, 'en'))).toEqual(['4 ms', '950 ms', '1.07s', '38.2s', '83.6s', '2.08m', '75.8m', '3.167h']);
    expect(formatEstimate(1_074, 'id')).toBe('1,07 dtk');
    const sizes = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
    for (let ms = 1; ms < 86_400_000; ms = Math.ceil(ms * 1.0137)) {
      const [, digits, unit] = /^([\d.]+) ?(\w+)$/.exec(formatEstimate(ms, 'en')) ?? [];
      const error = Math.abs(Number(digits) * sizes[unit as keyof typeof sizes] - ms) / ms;
      expect(error).toBeLessThan(ms < 7_200_000 ? 0.005 : 0.0005);
    }
  });

  it('formats past and future in both languages', () => {
    expect(formatRelative(NOW - 12_000, NOW, 'en')).toBe('12s ago');
    expect(formatRelative(NOW + 240_000, NOW, 'en')).toBe('in 4m');
    expect(formatRelative(NOW - 12_000, NOW, 'id')).toBe('12 dtk lalu');
    expect(formatRelative(NOW + 240_000, NOW, 'id')).toBe('4 mnt lagi');
    expect(formatRelative(NOW, NOW, 'en')).toBe('now');
  });

  it('always names the zone, by the name that people use', () => {
    expect(formatMoment('2026-11-25T00:00:00Z', 'Asia/Jakarta', 'en')).toBe('25 Nov 2026, 07:00:00 WIB');
    expect(formatMoment('2026-11-25T00:00:00Z', 'UTC', 'en')).toBe('25 Nov 2026, 00:00:00 UTC');
    expect(zoneName('Europe/Berlin', '2026-07-01T00:00:00Z')).toMatch(/GMT\+2|CEST/);
  });

  it('omits the day if it is today in that zone', () => {
    expect(formatSoon('2026-11-25T10:00:00Z', NOW, 'Asia/Jakarta', 'en')).toBe('17:00 WIB');
    expect(formatSoon('2026-11-25T18:00:00Z', NOW, 'Asia/Jakarta', 'en')).toBe('Thu 01:00 WIB');
    expect(formatSoon('2027-01-01T00:00:00Z', NOW, 'Asia/Jakarta', 'en')).toBe('1 Jan 07:00 WIB');
  });

  it('formats shares and sizes', () => {
    expect([formatPercent(0.981, 'en'), formatPercent(1, 'en'), formatPercent(0.981, 'id')]).toEqual(['98.1%', '100%', '98,1%']);
    expect([formatBytes(512, 'en'), formatBytes(2_626_872, 'en'), formatBytes(43_000_000, 'en')]).toEqual(['512 B', '2.5 MB', '41 MB']);
  });
});
