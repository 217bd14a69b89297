import type { Job } from '@/lib/api/queries';

/** A fire that is this late has no scheduler, as the API counts it. */
const LATE_MS = 60_000;

/** Why a job is in the list of jobs in trouble; without another reason it has failures to decide on. */
export function troubleOf(job: Pick<Job, 'cooling_down_until' | 'next_run_at' | 'enabled'>, now: number): 'cooling' | 'late' | 'failed' {
  if (job.cooling_down_until !== null && Date.parse(job.cooling_down_until) > now) return 'cooling';
  if (job.enabled && job.next_run_at !== null && Date.parse(job.next_run_at) < now - LATE_MS) return 'late';
  return 'failed';
}
