import 'server-only';
import { HydrationBoundary, QueryClient, dehydrate } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiClient } from '@/lib/api/queries';
import { serverClient } from './api';

/**
 * Read what a page shows before it is sent, so that its first paint has it. `read` gets a client that speaks for
 * who is signed in; a read that fails is left to the browser, which tells of it.
 */
export async function Prefetched({
  read,
  children,
}: {
  read: (cache: QueryClient, client: ApiClient) => Promise<unknown>[];
  children: ReactNode;
}) {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await Promise.allSettled(read(cache, await serverClient()));
  return <HydrationBoundary state={dehydrate(cache)}>{children}</HydrationBoundary>;
}
