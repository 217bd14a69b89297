import { describe, expect, it } from 'vitest';
import type { Incident } from '@/lib/api/queries';
import { bySeverity, lastedMs, newestDeliveries } from './incidents';

const delivery = (to: string, state: string, at: string) => ({ channel: 'telegram', account_id: 'bot', to, state, at }) as Incident['deliveries'][number];

describe('incidents', () => {
  it('are ordered by severity', () => {
    const severities = (['info', 'critical', 'warning'] as const).map((severity) => ({ severity })).toSorted(bySeverity);
    expect(severities.map((each) => each.severity)).toEqual(['critical', 'warning', 'info']);
  });
  it('show the newest message to each recipient', () => {
    const deliveries = [delivery('1', 'failed', '2026-01-01T00:00:00Z'), delivery('2', 'delivered', '2026-01-01T00:01:00Z'), delivery('1', 'delivered', '2026-01-01T00:02:00Z')];
    expect(newestDeliveries({ deliveries }).map((each) => `${each.to} ${each.state}`)).toEqual(['1 delivered', '2 delivered']);
  });
  it('last from their cause to their end, else to now', () => {
    const since = '2026-01-01T00:00:00Z';
    expect(lastedMs({ since, closed_at: '2026-01-01T00:01:00Z' }, 0)).toBe(60_000);
    expect(lastedMs({ since, closed_at: null }, Date.parse(since) + 5)).toBe(5);
  });
});
