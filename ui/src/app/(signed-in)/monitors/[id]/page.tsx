import { MonitorPage } from '@/features/monitors/monitor-page';
import { MONITOR_CHECKS, MONITOR_INCIDENTS } from '@/features/monitors/search-params';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props) {
  return titleOf('monitors', decodeURIComponent((await params).id))();
}

export default async function Page({ params }: Props) {
  const id = decodeURIComponent((await params).id);
  return (
    <Prefetched
      read={(cache, client) => [
        cache.prefetchQuery(queries.monitor(id, client)),
        cache.prefetchInfiniteQuery(queries.incidents({ job_id: id }, MONITOR_INCIDENTS, client)),
        cache.prefetchInfiniteQuery(queries.jobRuns(id, undefined, client, MONITOR_CHECKS)),
      ]}
    >
      <MonitorPage jobId={id} />
    </Prefetched>
  );
}
