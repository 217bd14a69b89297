import { settingsQueries } from '@/features/settings/queries';
import { SettingsPage } from '@/features/settings/settings-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('settings');

export default function Page() {
  return (
    <Prefetched
      read={(cache, client) => [
        cache.prefetchQuery(settingsQueries.me(client)),
        cache.prefetchQuery(settingsQueries.keys(client)),
        cache.prefetchQuery(settingsQueries.sessions(client)),
        cache.prefetchQuery(settingsQueries.secrets(client)),
        cache.prefetchQuery(settingsQueries.policies(client)),
        cache.prefetchQuery(queries.defaultNotify(client)),
        cache.prefetchQuery(queries.notificationRules(client)),
        cache.prefetchQuery(queries.maintenance(client)),
        cache.prefetchQuery(queries.platform(client)),
        cache.prefetchQuery(queries.calendars(client)),
      ]}
    >
      <SettingsPage />
    </Prefetched>
  );
}
