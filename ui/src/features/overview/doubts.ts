import type { Schemas } from '@/lib/api/client';
import type { Monitor } from '@/lib/api/queries';
import type { WatchState } from '@/lib/monitor-states';

type Service = keyof Schemas['Checks'];
type Trouble = Exclude<Schemas['Check']['status'], 'ok'>;

/** Why a deployment without an open incident is not well. */
export type Doubt =
  | { kind: 'service'; service: Service; status: Trouble }
  | { kind: 'paused'; scope: Schemas['PausedScope'] }
  | { kind: 'monitors'; state: WatchState; count: number }
  | { kind: 'dead'; count: number };

const SERVICES = ['redis', 'scheduler', 'worker', 'connector'] as const;
/** A paused monitor is as its owner wants it. */
const BAD_STATES = ['down', 'degraded', 'unknown', 'not_configured'] as const satisfies readonly WatchState[];

type Sources = {
  checks: Schemas['Checks'];
  queue: Pick<Schemas['QueueBody'], 'paused' | 'dead_letters'>;
  monitors: readonly Pick<Monitor, 'state'>[];
};

/** What contradicts "all is well", although no incident is open (yet). */
export function doubtsOf({ checks, queue, monitors }: Sources): Doubt[] {
  // Without Redis the state of the other services is unknown.
  const services = checks.redis.status === 'missing' ? (['redis'] as const) : SERVICES;
  return [
    ...services.flatMap((service): Doubt[] => {
      const { status } = checks[service];
      return status === 'ok' ? [] : [{ kind: 'service', service, status }];
    }),
    ...queue.paused.map((scope): Doubt => ({ kind: 'paused', scope })),
    ...BAD_STATES.flatMap((state): Doubt[] => {
      const count = monitors.filter((each) => each.state === state).length;
      return count === 0 ? [] : [{ kind: 'monitors', state, count }];
    }),
    ...(queue.dead_letters > 0 ? [{ kind: 'dead' as const, count: queue.dead_letters }] : []),
  ];
}

/** The monitor that was checked last; undefined if none was. */
export function lastChecked(monitors: readonly Monitor[]): (Monitor & { last_check_at: string }) | undefined {
  const checked = monitors.filter((each): each is Monitor & { last_check_at: string } => each.last_check_at !== null);
  return checked.toSorted((a, b) => Date.parse(b.last_check_at) - Date.parse(a.last_check_at))[0];
}
