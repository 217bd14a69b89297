import { RunsPage } from '@/features/runs/runs-page';
import { runFilter } from '@/features/runs/search-params';
import { loadRunsSearch } from '@/features/runs/search-params-server';
import { queries } from '@/lib/api/queries';
import { renderTimeMs } from '@/server/preferences';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';
import type { SearchParams } from 'nuqs/server';

export const generateMetadata = titleOf('runs');

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadRunsSearch(searchParams);
  const openedAt = renderTimeMs();
  return (
    <Prefetched
      read={(cache, client) => [
        cache.prefetchQuery(queries.runCounts(client)),
        cache.prefetchInfiniteQuery(queries.runs(runFilter(search, openedAt), client)),
      ]}
    >
      <RunsPage openedAt={openedAt} />
    </Prefetched>
  );
}
