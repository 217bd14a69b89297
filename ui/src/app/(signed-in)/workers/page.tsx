import { WorkersPage } from '@/features/workers/workers-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('workers');

export default function Page() {
  return (
    <Prefetched read={(cache, client) => [cache.prefetchQuery(queries.readiness(client))]}>
      <WorkersPage />
    </Prefetched>
  );
}
