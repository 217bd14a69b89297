import { infiniteQueryOptions, queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import type { MessageState } from '@/components/message-state';
import { api, unwrap, unwrapPage, type Page, type Schemas } from '@/lib/api/client';
import { pagedQuery, type ApiClient } from '@/lib/api/queries';
import type { StateTab } from './search-params';

export type Message = Schemas['MessageBody'];
export type InboxMessage = Schemas['InboxMessageBody'];

const OUTBOX_PAGE = 100;
const INBOX_PAGE = 50;
const FOLLOW_MS = 2_000;
const ON_ITS_WAY = new Set<MessageState>(['pending', 'sending']);

export function isPendingMessage(message: Pick<Message, 'state'>): boolean {
  return ON_ITS_WAY.has(message.state);
}

/** Messages, newest first. */
export const outbox = (state: StateTab, client: ApiClient = api) =>
  pagedQuery<Message>(['messages', 'list', state], (cursor, signal) => {
    const query = { ...(state === 'all' ? {} : { state }), cursor, limit: OUTBOX_PAGE };
    return client.GET('/messages', { signal, params: { query } });
  });

/** How many messages are in a state. */
export const messageCount = (state: MessageState, client: ApiClient = api) =>
  queryOptions({
    queryKey: ['messages', 'count', state],
    queryFn: async () =>
      (await unwrapPage<Message>(client.GET('/messages', { params: { query: { state, limit: 1 } } }))).total ?? 0,
  });

/** One message; a pending one is polled. */
export const messageQuery = (messageId: string, isFollowed = true) =>
  queryOptions({
    queryKey: ['message', messageId],
    queryFn: () => unwrap(api.GET('/messages/{message_id}', { params: { path: { message_id: messageId } } })),
    refetchInterval: ({ state }) => (isFollowed && state.data && isPendingMessage(state.data) ? FOLLOW_MS : false),
  });

/** The sandbox inbox, newest first. */
export const inbox = (client: ApiClient = api) =>
  infiniteQueryOptions({
    queryKey: ['inbox'],
    queryFn: ({ pageParam }): Promise<Page<InboxMessage>> =>
      unwrapPage(
        client.GET('/connectors/sandbox/messages', {
          params: { query: { ...(pageParam === null ? {} : { cursor: pageParam }), limit: INBOX_PAGE } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<InboxMessage>) => last.next,
  });

/** Replace a message in every cached list and detail; lists keep their order. */
export function putMessage(cache: QueryClient, message: Message): void {
  cache.setQueryData(messageQuery(message.id).queryKey, message);
  cache.setQueriesData<InfiniteData<Page<Message>>>({ queryKey: ['messages', 'list'] }, (lists) => {
    if (!lists) return lists;
    const pages = lists.pages.map((page) => ({
      ...page,
      items: page.items.map((each) => (each.id === message.id ? message : each)),
    }));
    return { ...lists, pages };
  });
}
