import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/lib/api/client';

export type Plan = Schemas['PlanBody'];
export type PlannedJob = Schemas['PlannedJobBody'];
export type Execution = Schemas['ExecutionBody'];
export type Change = PlannedJob['change'];

/** The plan of a prompt. Planning changes nothing. A shown plan stays until the user requests another. */
export const planQuery = (prompt: string, withModel: boolean) =>
  queryOptions({
    queryKey: ['plan', prompt, withModel],
    queryFn: () => unwrap(api.POST(withModel ? '/planner/plan-ai' : '/planner/plan', { body: { prompt } })),
    enabled: prompt !== '',
    staleTime: 'static',
    retry: false,
  });

/** A schedule as text. */
export const schedulePreview = (schedule: NonNullable<PlannedJob['job_spec']['schedule']>) =>
  queryOptions({
    queryKey: ['schedule-words', schedule],
    queryFn: () => unwrap(api.POST('/schedules/preview', { body: { schedule, count: 1 } })),
    staleTime: Infinity,
  });

/** The numbers of created, changed and unchanged jobs of a plan. */
export function countChanges(plan: Plan): Record<Change, number> {
  const counts: Record<Change, number> = { create: 0, update: 0, unchanged: 0 };
  for (const job of plan.jobs) counts[job.change] += 1;
  return counts;
}

/** Notes on the plan as a whole, without those that a job repeats. */
export function ownNotes(plan: Plan, kind: 'warnings' | 'assumptions'): string[] {
  const repeated = new Set(plan.jobs.flatMap((job) => job[kind]));
  return plan[kind].filter((text) => !repeated.has(text));
}
