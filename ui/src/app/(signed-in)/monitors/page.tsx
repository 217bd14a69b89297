import { MonitorsPage } from '@/features/monitors/monitors-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('monitors');

export default function Page() {
  return (
    <Prefetched read={(cache, client) => [cache.prefetchQuery(queries.monitors(client))]}>
      <MonitorsPage />
    </Prefetched>
  );
}
