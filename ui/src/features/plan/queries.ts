import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/lib/api/client';

export type Plan = Schemas['PlanBody'];
export type PlannedJob = Schemas['PlannedJobBody'];
export type Execution = Schemas['ExecutionBody'];
export type Change = PlannedJob['change'];

/** What a sentence would become. Nothing is changed by it; a plan that is shown stays until it is asked for again. */
export const planQuery = (prompt: string, withModel: boolean) =>
  queryOptions({
    queryKey: ['plan', prompt, withModel],
    queryFn: () => unwrap(api.POST(withModel ? '/planner/plan-ai' : '/planner/plan', { body: { prompt } })),
    enabled: prompt !== '',
    staleTime: 'static',
    retry: false,
  });

/** How a schedule is said in words. */
export const schedulePreview = (schedule: NonNullable<PlannedJob['job_spec']['schedule']>) =>
  queryOptions({
    queryKey: ['schedule-words', schedule],
    queryFn: () => unwrap(api.POST('/schedules/preview', { body: { schedule, count: 1 } })),
    staleTime: Infinity,
  });

/** How many jobs of a plan are made, changed and left as they are. */
export function countChanges(plan: Plan): Record<Change, number> {
  const counts: Record<Change, number> = { create: 0, update: 0, unchanged: 0 };
  for (const job of plan.jobs) counts[job.change] += 1;
  return counts;
}

/** What is told of the plan as a whole: what no job tells itself. */
export function ownNotes(plan: Plan, kind: 'warnings' | 'assumptions'): string[] {
  const repeated = new Set(plan.jobs.flatMap((job) => job[kind]));
  return plan[kind].filter((text) => !repeated.has(text));
}
