import { queryOptions } from '@tanstack/react-query';
import { api, type Schemas } from '@/lib/api/client';
import { countDeadLetters, type DeadLetterSelection } from '@/lib/api/dead-letters';
import { pagedQuery, pagedRuns, type ApiClient } from '@/lib/api/queries';

export type Group = Schemas['DeadGroupBody'];

const PAGE_SIZE = 50;

export function deadLetterGroups(jobId: string | null, client: ApiClient = api) {
  return pagedQuery<Group>(['dead-letters', 'groups', jobId ?? ''], (cursor, signal) =>
    client.GET('/dead-letters', { signal, params: { query: { job_id: jobId ?? undefined, cursor, limit: PAGE_SIZE } } }),
  );
}

export function deadLetterRuns(fingerprint: string, client: ApiClient = api) {
  return pagedRuns(['dead-letters', 'runs', fingerprint], (cursor, signal) =>
    client.GET('/dead-letters/{fingerprint}/runs', { signal, params: { path: { fingerprint }, query: { cursor, limit: PAGE_SIZE } } }),
  );
}

/** The number of dead letters that an action would concern now. */
export function affectedCount(selection: DeadLetterSelection) {
  return queryOptions({
    queryKey: ['dead-letters', 'affected', selection],
    queryFn: () => countDeadLetters(selection),
    staleTime: 0,
  });
}
