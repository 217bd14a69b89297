import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, fetchInTime, problemError, toApiError, unwrapPage, type Schemas } from '@/lib/api/client';
import type { ApiClient } from '@/lib/api/queries';

export type PublishedFile = Schemas['PublishedBody'];

const PAGE_SIZE = 50;
const next = (last: { next: string | null }) => (last.next === null ? null : Number(last.next));

export function reportList(client: ApiClient = api) {
  return infiniteQueryOptions({
    queryKey: ['reports', 'list'],
    queryFn: ({ pageParam }) =>
      unwrapPage(client.GET('/reports', { params: { query: { cursor: pageParam ?? undefined, limit: PAGE_SIZE } } })),
    initialPageParam: null as number | null,
    getNextPageParam: next,
  });
}

export function exportList(client: ApiClient = api) {
  return infiniteQueryOptions({
    queryKey: ['exports', 'list'],
    queryFn: ({ pageParam }) =>
      unwrapPage(client.GET('/exports', { params: { query: { cursor: pageParam ?? undefined, limit: PAGE_SIZE } } })),
    initialPageParam: null as number | null,
    getNextPageParam: next,
  });
}

/** The bytes of a report in one of its formats; the API chooses by `Accept`. */
export async function readReport(id: string, mediaType: string): Promise<Response> {
  const read = fetchInTime(`/api/reports/${encodeURIComponent(id)}`, { headers: { accept: mediaType } });
  const response = await read.catch((error: unknown) => {
    throw toApiError(error);
  });
  if (!response.ok) throw problemError(response, await response.json().catch(() => null));
  return response;
}

export function reportHtml(id: string) {
  return queryOptions({
    // Not below `reports`: what was published does not change, so no event makes it stale.
    queryKey: ['report-html', id],
    queryFn: async () => (await readReport(id, 'text/html')).text(),
    staleTime: Infinity,
  });
}
