import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrapPage, type Schemas } from '@/lib/api/client';
import type { ApiClient } from '@/lib/api/queries';

export type AuditEntry = Schemas['AuditBody'];
export type AuditFilter = { actor: string; target: string };

const PAGE_SIZE = 100;

/** Acts, newest first. */
export const auditEntries = (filter: AuditFilter, client: ApiClient = api) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) =>
      unwrapPage(
        client.GET('/audit', {
          params: {
            query: {
              actor: filter.actor || undefined,
              target: filter.target || undefined,
              cursor: pageParam === null ? undefined : Number(pageParam),
              limit: PAGE_SIZE,
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
