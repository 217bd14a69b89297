import type { SearchParams } from 'nuqs/server';
import { JobsPage } from '@/features/jobs/jobs-page';
import { jobFilter } from '@/features/jobs/search-params';
import { loadJobsSearch } from '@/features/jobs/search-params-server';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('jobs');

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadJobsSearch(searchParams);
  return (
    <Prefetched
      read={(cache, client) => [
        cache.prefetchInfiniteQuery(queries.jobs(jobFilter(search), client)),
        cache.prefetchQuery(queries.jobTypes(client)),
      ]}
    >
      <JobsPage />
    </Prefetched>
  );
}
