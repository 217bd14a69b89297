import type { Job } from '@/lib/api/queries';
import type { JobSort } from './search-params';

const byName = (a: Job, b: Job) => a.job_id.localeCompare(b.job_id);

// Jobs without a value come last in both directions.
const COMPARE: Record<Exclude<JobSort, 'new'>, (a: Job, b: Job) => number> = {
  name: byName,
  success: (a, b) => (a.stats.success_rate ?? Infinity) - (b.stats.success_rate ?? Infinity) || byName(a, b),
  p95: (a, b) => (b.stats.p95_ms ?? -1) - (a.stats.p95_ms ?? -1) || byName(a, b),
};

/** The ids in sort order; the API's order is newest first. */
export function sortedIds(jobs: readonly Job[], sort: JobSort): string[] {
  const sorted = sort === 'new' ? jobs : jobs.toSorted(COMPARE[sort]);
  return sorted.map((job) => job.job_id);
}

/** Apply a known order: changed values move no row, and new jobs come last. */
export function applyOrder(jobs: readonly Job[], order: readonly string[]): Job[] {
  const place = new Map(order.map((id, index) => [id, index]));
  return jobs.toSorted((a, b) => (place.get(a.job_id) ?? order.length) - (place.get(b.job_id) ?? order.length));
}
