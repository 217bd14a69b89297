import { queryOptions } from '@tanstack/react-query';
import { api, fetchInTime, problemError, toApiError, type Schemas } from '@/lib/api/client';
import { pagedQuery, type ApiClient } from '@/lib/api/queries';

export type PublishedFile = Schemas['PublishedBody'];

const PAGE_SIZE = 50;

export function reportList(client: ApiClient = api) {
  return pagedQuery<PublishedFile>(['reports', 'list'], (cursor, signal) =>
    client.GET('/reports', { signal, params: { query: { cursor, limit: PAGE_SIZE } } }),
  );
}

export function exportList(client: ApiClient = api) {
  return pagedQuery<PublishedFile>(['exports', 'list'], (cursor, signal) =>
    client.GET('/exports', { signal, params: { query: { cursor, limit: PAGE_SIZE } } }),
  );
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
    // Not below `reports`: a published report never changes, so no event makes it stale.
    queryKey: ['report-html', id],
    queryFn: async () => (await readReport(id, 'text/html')).text(),
    staleTime: Infinity,
  });
}
