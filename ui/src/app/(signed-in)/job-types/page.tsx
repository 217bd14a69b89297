import { JobTypesPage } from '@/features/job-types/job-types-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('jobTypes');

export default function Page() {
  return (
    <Prefetched read={(cache, client) => [cache.prefetchQuery(queries.jobTypes(client))]}>
      <JobTypesPage />
    </Prefetched>
  );
}
