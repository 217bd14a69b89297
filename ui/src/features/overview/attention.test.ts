import { describe, expect, it } from 'vitest';
import type { Schemas } from '@/lib/api/client';
import type { Job } from '@/lib/api/queries';
import { attentionOf, type AttentionSources } from './attention';

const NOW = Date.parse('2026-11-25T10:00:00Z');
const ok = { status: 'ok', age_ms: 1, instances: 1, reason: null, next_step: null } as const;
const missing = { status: 'missing', age_ms: null, instances: 0, reason: null, next_step: null } as const;
const checks = { redis: ok, scheduler: ok, worker: ok, connector: ok };
const calm: AttentionSources = { checks, paused: [], groups: [], channels: [], jobs: [], now: NOW };

function job(jobId: string, changes: Partial<Job> = {}): Job {
  const base = { job_id: jobId, type: 't', enabled: true, schedule: { interval_sec: 30 }, inputs: {} };
  return { ...base, next_run_at: '2026-11-25T10:00:30Z', cooling_down_until: null, ...changes } as Job;
}

function channelOf(accounts: Partial<Schemas['AccountBody']>[]): Schemas['ConnectorBody'] {
  const whole = accounts.map((account) => ({ channel: 'telegram', enabled: true, health: null, ...account }));
  return { channel: 'telegram', accounts: whole, settings_schema: {}, secrets_schema: {} } as unknown as Schemas['ConnectorBody'];
}

const health = (state: 'up' | 'down' | 'degraded') => ({ state, detail: 'x' }) as Schemas['CheckBody'];
const keys = (seen: Partial<AttentionSources>) => attentionOf({ ...calm, ...seen }).map((each) => each.key);

describe('attentionOf', () => {
  it('finds nothing if all is well', () => {
    expect(keys({ jobs: [job('a')] })).toEqual([]);
  });
  it('names services that are late or missing', () => {
    expect(keys({ checks: { ...checks, scheduler: missing, worker: { ...ok, status: 'late' } } })).toEqual([
      'service:scheduler',
      'service:worker',
    ]);
  });
  it('carries the reason of a service that is stalled, and the next step', () => {
    const stalled = { ...ok, status: 'stalled', reason: 'None starts.', next_step: 'multi-job doctor' } as const;
    expect(attentionOf({ ...calm, checks: { ...checks, worker: stalled } })).toEqual([
      { kind: 'service', key: 'service:worker', service: 'worker', status: 'stalled', reason: stalled.reason, nextStep: 'multi-job doctor' },
    ]);
  });
  it('reports only Redis while it is away: the rest is unknown', () => {
    expect(keys({ checks: { redis: missing, scheduler: missing, worker: missing, connector: missing } })).toEqual(['service:redis']);
  });
  it('reports accounts that are down or degraded, and used accounts that are absent or disabled', () => {
    const channels = [
      channelOf([
        { account_id: 'good', health: health('up') },
        { account_id: 'bad', health: health('down') },
        { account_id: 'slow', health: health('degraded') },
        { account_id: 'off', enabled: false },
        { account_id: 'idle', enabled: false },
      ]),
    ];
    const uses = (accountId: string) => ({ inputs: { channel: 'telegram', account_id: accountId } });
    const jobs = [job('a', uses('good')), job('b', uses('off')), job('c', uses('lost')), job('d', { inputs: { notify: { channel: 'telegram', account_id: 'lost' } } })];
    const found = attentionOf({ ...calm, channels, jobs });
    expect(found.map((each) => each.kind === 'account' && [each.accountId, each.state, each.usedBy])).toEqual([
      ['bad', 'down', []],
      ['slow', 'degraded', []],
      ['off', 'off', ['b']],
      ['lost', 'absent', ['c', 'd']],
    ]);
  });
  it('does not ask for accounts that only jobs which are off name', () => {
    expect(keys({ jobs: [job('a', { enabled: false, inputs: { channel: 'telegram', account_id: 'x' } })] })).toEqual([]);
  });
  it('reports jobs that cool down, and enabled jobs that never fire', () => {
    const jobs = [job('a', { cooling_down_until: '2026-11-25T10:01:40Z' }), job('b', { next_run_at: null }), job('c', { next_run_at: null, schedule: null })];
    expect(keys({ jobs })).toEqual(['cooling:a', 'no_next:b']);
  });
  it('sorts the most severe problem first', () => {
    const scope = { scope: 'all', name: null } as Schemas['PausedScope'];
    const group = { fingerprint: 'f' } as Schemas['DeadGroupBody'];
    const jobs = [job('a', { next_run_at: null })];
    const seen = { checks: { ...checks, scheduler: missing }, groups: [group], jobs };
    expect(keys({ ...seen, paused: [scope] })).toEqual(['service:scheduler', 'paused:all:', 'dead:f']);
    expect(keys(seen)).toEqual(['service:scheduler', 'dead:f', 'no_next:a']);
  });
});
