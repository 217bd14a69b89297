import { NewJobPage } from '@/features/job-form/new-job-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('newJob');

type Props = { searchParams: Promise<{ type?: string | string[] }> };

export default async function Page({ searchParams }: Props) {
  const { type } = await searchParams;
  return (
    <Prefetched read={(cache, client) => [cache.prefetchQuery(queries.jobTypes(client))]}>
      <NewJobPage type={typeof type === 'string' ? type : null} />
    </Prefetched>
  );
}
