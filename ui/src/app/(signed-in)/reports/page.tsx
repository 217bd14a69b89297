import type { Metadata } from 'next';
import { exportList, reportList } from '@/features/reports/queries';
import { ReportsPage } from '@/features/reports/reports-page';
import { Prefetched } from '@/server/prefetch';

export const metadata: Metadata = { title: 'Reports' };

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
