import { EditJobPage } from '@/features/job-form/edit-job-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props) {
  return titleOf('edit', decodeURIComponent((await params).id))();
}

export default async function Page({ params }: Props) {
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
