import type { Metadata } from 'next';
import { DeadLettersPage } from '@/features/dead-letters/dead-letters-page';
import { deadLetterGroups } from '@/features/dead-letters/queries';
import { Prefetched } from '@/server/prefetch';

export const metadata: Metadata = { title: 'Needs a decision' };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Props) {
  const { job } = await searchParams;
  return (
    <Prefetched
      read={(cache, client) => [cache.prefetchInfiniteQuery(deadLetterGroups(typeof job === 'string' ? job : null, client))]}
    >
      <DeadLettersPage />
    </Prefetched>
  );
}
