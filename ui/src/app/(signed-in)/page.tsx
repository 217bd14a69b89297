import { OverviewPage } from '@/features/overview/overview-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';

export default function Page() {
  return (
    <Prefetched
      read={(cache, client) => [
        cache.prefetchQuery(queries.readiness(client)),
        cache.prefetchQuery(queries.platform(client)),
        cache.prefetchQuery(queries.runCounts(client)),
        cache.prefetchQuery(queries.defaultNotify(client)),
        cache.prefetchQuery(queries.stats('1h', client)),
        cache.prefetchInfiniteQuery(queries.jobs({}, client)),
        cache.prefetchInfiniteQuery(queries.jobs({ type: 'monitor.channel' }, client)),
        cache.prefetchInfiniteQuery(queries.deadLetters(client)),
      ]}
    >
      <OverviewPage />
    </Prefetched>
  );
}
