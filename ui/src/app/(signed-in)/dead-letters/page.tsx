import { DeadLettersPage } from '@/features/dead-letters/dead-letters-page';
import { deadLetterGroups } from '@/features/dead-letters/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('deadLetters');

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
