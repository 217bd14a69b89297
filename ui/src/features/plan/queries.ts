import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/lib/api/client';

export type PlannedJob = Schemas['PlannedJobBody'];
export type Plan = Schemas['PlanBody'];
export type Note = Plan['notes'][number];
export type NoteKind = Note['kind'];
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

/** A plan that is stored already, such as one that an assistant has made. */
export const storedPlanQuery = (planId: string) =>
  queryOptions({
    queryKey: ['stored-plan', planId],
    queryFn: () => unwrap(api.GET('/planner/plans/{plan_id}', { params: { path: { plan_id: planId } } })),
    enabled: planId !== '',
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

/** The numbers of jobs by what a plan does to them, in the order in which they are listed. */
export function countChanges(jobs: readonly PlannedJob[]): Record<Change, number> {
  const counts: Record<Change, number> = { create: 0, update: 0, resume: 0, run: 0, pause: 0, disable: 0, delete: 0, unchanged: 0 };
  for (const job of jobs) counts[job.change] += 1;
  return counts;
}

/** The jobs that start at once when the plan is applied; a job that another one starts waits for it. */
export function countStarting(jobs: readonly PlannedJob[], runNow: boolean): number {
  const isStarting = ({ change, job_spec: spec }: PlannedJob) =>
    change === 'run' || (isSaved(change) && (runNow || !spec.schedule) && startersOf(jobs, spec.job_id).length === 0);
  return jobs.filter(isStarting).length;
}

/** The jobs of a plan whose run starts a job when it has ended, and whether that is a failure. */
export function startersOf(jobs: readonly PlannedJob[], jobId: string): { jobId: string; onFailure: boolean }[] {
  return jobs.flatMap(({ job_spec: spec }) =>
    (['on_success', 'on_failure'] as const)
      .filter((field) => spec[field]?.includes(jobId))
      .map((field) => ({ jobId: spec.job_id, onFailure: field === 'on_failure' })),
  );
}

/** Whether the plan saves a spec, or leaves it as it is: such jobs can be edited, and run once now. */
export function isSaved(change: Change): boolean {
  return change === 'create' || change === 'update' || change === 'unchanged';
}
