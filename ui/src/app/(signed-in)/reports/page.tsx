import { exportList, reportList } from '@/features/reports/queries';
import { ReportsPage } from '@/features/reports/reports-page';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('reports');

export default function Page() {
  return (
    <Prefetched
      read={(cache, client) => [
        cache.prefetchInfiniteQuery(reportList(client)),
        cache.prefetchInfiniteQuery(exportList(client)),
      ]}
    >
      <ReportsPage />
    </Prefetched>
  );
}
