import { RunPage } from '@/features/run/run-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props) {
  return { title: decodeURIComponent((await params).id) };
}

export default async function Page({ params }: Props) {
  const runId = decodeURIComponent((await params).id);
  return (
    <Prefetched read={(cache, client) => [cache.prefetchQuery(queries.run(runId, client))]}>
      <RunPage key={runId} runId={runId} />
    </Prefetched>
  );
}
