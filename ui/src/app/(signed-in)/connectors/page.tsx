import type { Metadata } from 'next';
import { ConnectorsPage } from '@/features/connectors/connectors-page';
import { prefetchConnectors } from '@/features/connectors/queries';
import { Prefetched } from '@/server/prefetch';

export const metadata: Metadata = { title: 'Connectors' };

export default function Page() {
  return (
    <Prefetched read={(cache, client) => [prefetchConnectors(cache, client)]}>
      <ConnectorsPage />
    </Prefetched>
  );
}
