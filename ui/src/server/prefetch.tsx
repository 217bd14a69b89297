import 'server-only';
import { HydrationBoundary, QueryClient, dehydrate } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiClient } from '@/lib/api/queries';
import { serverClient } from './api';

/**
 * Prefetch the data of a page on the server, so that its first paint has them. `read` gets a client of the signed-in
 * user; if a read fails, the browser repeats it and shows the error.
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
