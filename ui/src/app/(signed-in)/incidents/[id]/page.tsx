import { IncidentPage } from '@/features/incidents/incident-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props) {
  return titleOf('incidents', decodeURIComponent((await params).id))();
}

export default async function Page({ params }: Props) {
  const id = decodeURIComponent((await params).id);
  return (
    <Prefetched read={(cache, client) => [cache.prefetchQuery(queries.incident(id, client))]}>
      <IncidentPage incidentId={id} />
    </Prefetched>
  );
}
