import type { Metadata } from 'next';
import { WorkersPage } from '@/features/workers/workers-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';

export const metadata: Metadata = { title: 'Workers' };

export default function Page() {
  return (
    <Prefetched read={(cache, client) => [cache.prefetchQuery(queries.readiness(client))]}>
      <WorkersPage />
    </Prefetched>
  );
}
