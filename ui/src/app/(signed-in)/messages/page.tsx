import type { SearchParams } from 'nuqs/server';
import { MessagesPage } from '@/features/messages/messages-page';
import { inbox, messageCount, outbox } from '@/features/messages/queries';
import { STATE_TABS } from '@/features/messages/search-params';
import { loadMessagesSearch } from '@/features/messages/search-params-server';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('messages');

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { tab, state } = await loadMessagesSearch(searchParams);
  return (
    <Prefetched
      read={(cache, client) => [
        tab === 'outbox'
          ? cache.prefetchInfiniteQuery(outbox(state, client))
          : cache.prefetchInfiniteQuery(inbox(client)),
        ...STATE_TABS.flatMap((each) => (each === 'all' ? [] : [cache.prefetchQuery(messageCount(each, client))])),
      ]}
    >
      <MessagesPage />
    </Prefetched>
  );
}
