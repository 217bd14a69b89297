import type { ReactNode } from 'react';
import { Shell } from '@/components/shell/shell';
import { LiveProvider } from '@/lib/live/provider';
import { queries } from '@/lib/api/queries';
import { SessionProvider } from '@/lib/session';
import { Prefetched } from '@/server/prefetch';
import { loadSession } from '@/server/initial-session';

export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const { session, startId } = await loadSession();
  return (
    <SessionProvider session={session}>
      <LiveProvider startId={startId}>
        <Prefetched
          read={(cache, client) => [
            cache.prefetchQuery(queries.workers(client)),
            cache.prefetchQuery(queries.queue(client)),
            cache.prefetchQuery(queries.incidentSummary(client)),
            cache.prefetchQuery(queries.connectors(client)),
          ]}
        >
          <Shell>{children}</Shell>
        </Prefetched>
      </LiveProvider>
    </SessionProvider>
  );
}
