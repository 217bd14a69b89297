import { ConnectorsPage } from '@/features/connectors/connectors-page';
import { prefetchConnectors } from '@/features/connectors/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('connectors');

export default function Page() {
  return (
    <Prefetched read={(cache, client) => [prefetchConnectors(cache, client)]}>
      <ConnectorsPage />
    </Prefetched>
  );
}
