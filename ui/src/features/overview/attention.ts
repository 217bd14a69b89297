import type { Schemas } from '@/lib/api/client';
import { nextRunOf } from '@/lib/jobs';
import type { Job } from '@/lib/api/queries';

type ServiceName = Exclude<keyof Schemas['Checks'], 'redis'>;

export type Attention =
  | { kind: 'service'; key: string; service: ServiceName | 'redis'; status: Trouble; reason: string; nextStep: string }
  | { kind: 'paused'; key: string; scope: Schemas['PausedScope'] }
  | { kind: 'dead'; key: string; group: Schemas['DeadGroupBody'] }
  | { kind: 'account'; key: string; channel: string; accountId: string; state: AccountTrouble; detail: string; usedBy: string[] }
  | { kind: 'cooling'; key: string; jobId: string; until: string }
  | { kind: 'no_next'; key: string; jobId: string };

export type Trouble = Exclude<Schemas['Check']['status'], 'ok'>;

export type AccountTrouble = 'down' | 'degraded' | 'absent' | 'off';

export type AttentionSources = {
  checks: Schemas['Checks'] | undefined;
  paused: readonly Schemas['PausedScope'][];
  groups: readonly Schemas['DeadGroupBody'][];
  channels: readonly Schemas['ConnectorBody'][] | undefined;
  jobs: readonly Job[];
  now: number;
};

/** Problems that need a person, most severe first. */
export function attentionOf(seen: AttentionSources): Attention[] {
  return [
    ...services(seen.checks),
    ...seen.paused.map((scope) => ({ kind: 'paused' as const, key: `paused:${scope.scope}:${scope.name ?? ''}`, scope })),
    ...seen.groups.map((group) => ({ kind: 'dead' as const, key: `dead:${group.fingerprint}`, group })),
    ...accounts(seen),
    ...jobs(seen),
  ];
}

const SERVICES = ['redis', 'scheduler', 'worker', 'connector'] as const;

function services(checks: Schemas['Checks'] | undefined): Attention[] {
  if (checks === undefined) return [];
  // Without Redis the state of the other services is unknown.
  const reportedServices = checks.redis.status === 'missing' ? (['redis'] as const) : SERVICES;
  return reportedServices.flatMap((service) => {
    const { status, reason, next_step: nextStep } = checks[service];
    if (status === 'ok') return [];
    return [{ kind: 'service' as const, key: `service:${service}`, service, status, reason: reason ?? '', nextStep: nextStep ?? '' }];
  });
}

function accounts({ channels, jobs: all }: AttentionSources): Attention[] {
  if (channels === undefined) return [];
  const users = usersOf(all);
  const found: Attention[] = [];
  for (const account of channels.flatMap((channel) => channel.accounts)) {
    const key = `${account.channel}/${account.account_id}`;
    const usedBy = users.get(key) ?? [];
    users.delete(key);
    const state = troubleOf(account, usedBy.length > 0);
    if (state === null) continue;
    const { channel, account_id: accountId } = account;
    found.push({ kind: 'account', key: `account:${key}`, channel, accountId, state, detail: account.health?.detail ?? '', usedBy });
  }
  for (const [key, usedBy] of users) {
    const [channel = '', accountId = ''] = key.split('/');
    found.push({ kind: 'account', key: `account:${key}`, channel, accountId, state: 'absent', detail: '', usedBy });
  }
  return found;
}

function troubleOf(account: Schemas['AccountBody'], isUsed: boolean): AccountTrouble | null {
  if (!account.enabled) return isUsed ? 'off' : null;
  switch (account.health?.state) {
    case 'down':
    case 'degraded':
      return account.health.state;
    case 'not_configured':
      return 'absent';
    default:
      return null;
  }
}

/** The enabled jobs that use each account, in their inputs or as recipient. */
function usersOf(all: readonly Job[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const job of all) {
    if (!job.enabled) continue;
    for (const place of [job.inputs, job.inputs.notify]) {
      const { channel, account_id: accountId } = (place ?? {}) as { channel?: unknown; account_id?: unknown };
      if (typeof channel !== 'string' || typeof accountId !== 'string') continue;
      const key = `${channel}/${accountId}`;
      users.set(key, [...new Set([...(users.get(key) ?? []), job.job_id])]);
    }
  }
  return users;
}

function jobs({ jobs: all, paused, now }: AttentionSources): Attention[] {
  return all.flatMap((job): Attention[] => {
    const next = nextRunOf(job, paused, now);
    if (next.kind === 'cooling') return [{ kind: 'cooling', key: `cooling:${job.job_id}`, jobId: job.job_id, until: next.until }];
    return next.kind === 'none' ? [{ kind: 'no_next', key: `no_next:${job.job_id}`, jobId: job.job_id }] : [];
  });
}
