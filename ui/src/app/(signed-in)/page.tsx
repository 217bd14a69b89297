import { OverviewPage } from '@/features/overview/overview-page';
import { SHOWN_INCIDENTS, SHOWN_MONITORS, lastBackup, troubledJobs } from '@/features/overview/queries';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';

export default function Page() {
  return (
    <Prefetched
      read={(cache, client) => [
        cache.prefetchQuery(queries.readiness(client)),
        cache.prefetchQuery(queries.platform(client)),
        cache.prefetchInfiniteQuery(queries.incidents({ state: 'open' }, SHOWN_INCIDENTS, client)),
        cache.prefetchQuery(queries.worstMonitors(SHOWN_MONITORS, client)),
        cache.prefetchQuery(queries.jobCount(client)),
        cache.prefetchQuery(lastBackup(client)),
        cache.prefetchInfiniteQuery(troubledJobs(client)),
        cache.prefetchQuery(queries.runCounts(client)),
        cache.prefetchQuery(queries.defaultNotify(client)),
        cache.prefetchQuery(queries.stats('1h', client)),
      ]}
    >
      <OverviewPage />
    </Prefetched>
  );
}
