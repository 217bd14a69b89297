import { createLoader, parseAsInteger, parseAsStringLiteral } from 'nuqs/server';
import type { RunStatus } from '@/lib/queries';

export const JOB_TABS = ['runs', 'schedule', 'spec', 'events'] as const;
export type JobTab = (typeof JOB_TABS)[number];

/** How far back the slots of a schedule are told of, in milliseconds. */
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

export const jobSearch = {
  tab: parseAsStringLiteral(JOB_TABS).withDefault('runs'),
  status: parseAsStringLiteral(RUN_STATUSES),
  period: parseAsStringLiteral(PERIOD_NAMES).withDefault('24h'),
  from: parseAsInteger,
  to: parseAsInteger,
};
export const loadJobSearch = createLoader(jobSearch);
