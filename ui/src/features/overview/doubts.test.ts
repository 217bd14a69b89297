import { describe, expect, it } from 'vitest';
import type { Schemas } from '@/lib/api/client';
import type { Monitor } from '@/lib/api/queries';
import { doubtsOf, lastChecked } from './doubts';

const ok = { status: 'ok', age_ms: 1, instances: 1, reason: null, next_step: null } as const;
const missing = { ...ok, status: 'missing' } as const;
const checks = { redis: ok, scheduler: ok, worker: ok, connector: ok };
const queue = { paused: [], dead_letters: 0 };
const monitors = (...states: Monitor['state'][]) => states.map((state) => ({ state }));

describe('doubtsOf', () => {
  it('finds nothing if all is well; a paused monitor is as its owner wants it', () => {
    expect(doubtsOf({ checks, queue, monitors: monitors('up', 'paused') })).toEqual([]);
  });
  it('names services, pauses, monitors by state, and failures to decide on', () => {
    const scope = { scope: 'all', name: null } as Schemas['PausedScope'];
    const found = doubtsOf({
      checks: { ...checks, scheduler: missing },
      queue: { paused: [scope], dead_letters: 2 },
      monitors: monitors('up', 'unknown', 'down', 'down'),
    });
    expect(found).toEqual([
      { kind: 'service', service: 'scheduler', status: 'missing' },
      { kind: 'paused', scope },
      { kind: 'monitors', state: 'down', count: 2 },
      { kind: 'monitors', state: 'unknown', count: 1 },
      { kind: 'dead', count: 2 },
    ]);
  });
  it('names only Redis while it is away: the rest is unknown', () => {
    const found = doubtsOf({ checks: { redis: missing, scheduler: missing, worker: missing, connector: missing }, queue, monitors: [] });
    expect(found).toEqual([{ kind: 'service', service: 'redis', status: 'missing' }]);
  });
});

describe('lastChecked', () => {
  it('is the newest check, and undefined if there was none', () => {
    const of = (job_id: string, last_check_at: string | null) => ({ job_id, last_check_at }) as Monitor;
    expect(lastChecked([of('a', '2026-01-01T00:00:00Z'), of('b', '2026-01-02T00:00:00Z'), of('c', null)])?.job_id).toBe('b');
    expect(lastChecked([of('c', null)])).toBeUndefined();
  });
});
