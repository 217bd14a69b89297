import { CalendarPage } from '@/features/calendar/calendar-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('calendar');

export default function Page() {
  return (
    <Prefetched read={(cache, client) => [cache.prefetchQuery(queries.fires(24, client)), cache.prefetchQuery(queries.maintenance(client))]}>
      <CalendarPage />
    </Prefetched>
  );
}
