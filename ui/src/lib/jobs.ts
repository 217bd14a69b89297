import type { Schemas } from './api/client';
import type { Job } from './api/queries';

type PausedScope = Schemas['PausedScope'];

/** The next run of a job: a time, or the reason why there is none. */
export type NextRun =
  | { kind: 'off' | 'by_hand' | 'over' | 'none' }
  | { kind: 'paused'; scope: PausedScope }
  | { kind: 'cooling'; until: string }
  | { kind: 'at'; at: string };

type Timed = Pick<Job, 'job_id' | 'type' | 'enabled' | 'schedule' | 'next_run_at' | 'cooling_down_until'>;

/**
 * The first that applies: disabled, paused, manual, cooling down, next fire, ended, or none although one is expected.
 */
export function nextRunOf(job: Timed, paused: readonly PausedScope[], now: number): NextRun {
  if (!job.enabled) return { kind: 'off' };
  const scope = paused.find((each) => holds(each, job));
  if (scope) return { kind: 'paused', scope };
  if (job.schedule === null) return { kind: 'by_hand' };
  if (job.cooling_down_until !== null && Date.parse(job.cooling_down_until) > now) {
    return { kind: 'cooling', until: job.cooling_down_until };
  }
  if (job.next_run_at !== null) return { kind: 'at', at: job.next_run_at };
  const { at, end_at } = job.schedule;
  const isOver = Boolean(at) || (typeof end_at === 'string' && Date.parse(end_at) <= now);
  return { kind: isOver ? 'over' : 'none' };
}

function holds(pause: PausedScope, job: Timed): boolean {
  if (pause.scope === 'all') return true;
  return pause.name === (pause.scope === 'type' ? job.type : job.job_id);
}

/** A schedule in words for a list: the deployment's own zone is left out, any other is named. */
export function shortSchedule(words: string, zone: string): string {
  return words.replace(` (${zone})`, '');
}
