import { EditJobPage } from '@/features/job-form/edit-job-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';

export const metadata = { title: 'Edit job' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const jobId = decodeURIComponent((await params).id);
  return (
    <Prefetched
      read={(cache, client) => [
        cache.prefetchQuery(queries.jobTypes(client)),
        cache.prefetchQuery(queries.job(jobId, client)),
      ]}
    >
      <EditJobPage jobId={jobId} />
    </Prefetched>
  );
}
