import type { Remedy } from '@/components/remedy/places';

/** The action that checks a monitor once, as the API describes remedies. */
export function runNow(jobId: string, label: string): Remedy {
  return { action: 'run_now', target: jobId, label, role: 'operator', command: '' };
}
