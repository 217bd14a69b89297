import type { SearchParams } from 'nuqs/server';
import { IncidentsPage } from '@/features/incidents/incidents-page';
import { incidentFilter } from '@/features/incidents/search-params';
import { loadIncidentsSearch } from '@/features/incidents/search-params-server';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('incidents');

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadIncidentsSearch(searchParams);
  return (
    <Prefetched read={(cache, client) => [cache.prefetchInfiniteQuery(queries.incidents(incidentFilter(search), undefined, client))]}>
      <IncidentsPage />
    </Prefetched>
  );
}
