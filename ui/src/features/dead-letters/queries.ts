import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapPage, type Schemas } from '@/lib/api/client';
import { runRow, type ApiClient } from '@/lib/api/queries';

export type Group = Schemas['DeadGroupBody'];
/** Which letters an act is about, as the API takes it: exactly one of them. */
export type DeadLetterSelection =
  | { run_ids: string[] }
  | { fingerprint: string }
  | { filter: { job_id?: string } };

const PAGE_SIZE = 50;

export function deadLetterGroups(jobId: string | null, client: ApiClient = api) {
  return infiniteQueryOptions({
    queryKey: ['dead-letters', 'groups', jobId ?? ''],
    queryFn: ({ pageParam }) =>
      unwrapPage(
        client.GET('/dead-letters', {
          params: { query: { job_id: jobId ?? undefined, cursor: pageParam ?? undefined, limit: PAGE_SIZE } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.next === null ? null : Number(last.next)),
  });
}

export function deadLetterRuns(fingerprint: string, client: ApiClient = api) {
  return infiniteQueryOptions({
    queryKey: ['dead-letters', 'runs', fingerprint],
    queryFn: async ({ pageParam }) => {
      const page = await unwrapPage(
        client.GET('/dead-letters/{fingerprint}/runs', {
          params: { path: { fingerprint }, query: { cursor: pageParam ?? undefined, limit: PAGE_SIZE } },
        }),
      );
      return { ...page, items: page.items.map(runRow) };
    },
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.next === null ? null : Number(last.next)),
  });
}

/** How many letters an act would be about right now; changes nothing. */
export function affectedCount(choice: DeadLetterSelection) {
  return queryOptions({
    queryKey: ['dead-letters', 'affected', choice],
    queryFn: async () => {
      const answer = await unwrap(api.POST('/dead-letters/redrive', { body: { ...choice, dry_run: true } }));
      return 'count' in answer ? answer.count : 0;
    },
    staleTime: 0,
  });
}
