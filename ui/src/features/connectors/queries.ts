import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/lib/api/client';
import { queries, type ApiClient } from '@/lib/api/queries';

export type Account = Schemas['AccountBody'];
export type Channel = Schemas['ConnectorBody'];
export type Quarter = Schemas['QuarterBody'];
export type Availability = Schemas['AvailabilityBody'];

const HOURS = 24;
/** The number of accounts that are prefetched: one screen. */
const PREFETCHED = 8;
const CHATS_EVERY_MS = 4_000;
const MESSAGE_EVERY_MS = 700;
const FINAL_STATES = new Set<Schemas['OutboxState']>(['delivered', 'failed', 'unknown']);

export const availability = (channel: string, accountId: string, client: ApiClient = api) =>
  queryOptions({
    queryKey: ['availability', channel, accountId],
    queryFn: () =>
      unwrap(
        client.GET('/connectors/{channel}/accounts/{account_id}/availability', {
          params: { path: { channel, account_id: accountId }, query: { hours: HOURS } },
        }),
      ),
  });

/** The jobs that watch accounts. */
export const monitors = (client: ApiClient = api) => queries.jobs({ type: 'monitor.channel' }, client);

/** The chats that wrote to an account recently; polled while they are shown. */
export const chats = (channel: string, accountId: string) =>
  queryOptions({
    queryKey: ['chats', channel, accountId],
    queryFn: () =>
      unwrap(
        api.POST('/connectors/{channel}/accounts/{account_id}/chats', {
          params: { path: { channel, account_id: accountId } },
        }),
      ),
    refetchInterval: (query) => (query.state.status === 'error' ? false : CHATS_EVERY_MS),
    retry: false,
    gcTime: 0,
  });

/** A message that was just sent, polled until its final state. */
export const sentMessage = (messageId: string | null) =>
  queryOptions({
    queryKey: ['message', messageId],
    enabled: messageId !== null,
    queryFn: () => unwrap(api.GET('/messages/{message_id}', { params: { path: { message_id: messageId ?? '' } } })),
    refetchInterval: ({ state }) => (state.data && FINAL_STATES.has(state.data.state) ? false : MESSAGE_EVERY_MS),
  });

export const defaultNotify = () =>
  queryOptions({ queryKey: ['default-notify'], queryFn: () => unwrap(api.GET('/settings/default-notify')) });

/** The data of the page's first paint: accounts, monitors, and the availability of the first accounts. */
export async function prefetchConnectors(cache: QueryClient, client: ApiClient): Promise<void> {
  const [found] = await Promise.all([
    cache.fetchQuery(queries.connectors(client)),
    cache.prefetchInfiniteQuery(monitors(client)),
  ]);
  const first = found.flatMap((each) => each.accounts).slice(0, PREFETCHED);
  await Promise.all(first.map((each) => cache.prefetchQuery(availability(each.channel, each.account_id, client))));
}
