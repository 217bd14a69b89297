import type { RunStatus } from '@/lib/api/queries';

export const JOB_TABS = ['runs', 'schedule', 'spec', 'events'] as const;
export type JobTab = (typeof JOB_TABS)[number];

/** The period of past slots, in milliseconds. */
export const PERIODS = { '24h': 86_400_000, '3d': 259_200_000, '7d': 604_800_000 } as const;
export type Period = keyof typeof PERIODS;
export const PERIOD_NAMES = Object.keys(PERIODS) as Period[];

export const RUN_STATUSES = [
  'scheduled',
  'queued',
  'running',
  'retrying',
  'success',
  'failed',
  'cancelled',
] as const satisfies readonly RunStatus[];

type Raw = Record<string, string | string[] | undefined>;

/** The search parameters that the server needs to prefetch; `search-params-client.ts` reads them in the browser. */
export function readJobSearch({ tab, status, period }: Raw) {
  return {
    tab: JOB_TABS.find((each) => each === tab) ?? 'runs',
    status: RUN_STATUSES.find((each) => each === status),
    period: PERIOD_NAMES.find((each) => each === period) ?? '24h',
  };
}
