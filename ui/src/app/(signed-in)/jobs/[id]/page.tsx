import { JobPage } from '@/features/job/job-page';
import { jobQueries } from '@/features/job/queries';
import { readJobSearch } from '@/features/job/search-params';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { preferredLang } from '@/server/preferences';

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ params }: Props) {
  return { title: decodeURIComponent((await params).id) };
}

export default async function Page({ params, searchParams }: Props) {
  const id = decodeURIComponent((await params).id);
  const { tab, status, period } = readJobSearch(await searchParams);
  const lang = await preferredLang();
  return (
    <Prefetched
      read={(cache, client) => [
        cache.prefetchQuery(queries.job(id, client)),
        cache.prefetchQuery(jobQueries.history(id, client)),
        ...(tab === 'runs' ? [cache.prefetchInfiniteQuery(queries.jobRuns(id, status, client))] : []),
        ...(tab === 'schedule'
          ? [cache.prefetchQuery(jobQueries.fires(id, client)), cache.prefetchQuery(jobQueries.why(id, lang, period, client))]
          : []),
        ...(tab === 'spec' ? [cache.prefetchQuery(jobQueries.versions(id, client))] : []),
        ...(tab === 'events' ? [cache.prefetchInfiniteQuery(jobQueries.events(id, client))] : []),
      ]}
    >
      <JobPage jobId={id} />
    </Prefetched>
  );
}
