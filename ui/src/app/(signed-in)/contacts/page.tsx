import { ContactsPage } from '@/features/contacts/contacts-page';
import { queries } from '@/lib/api/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('contacts');

export default function Page() {
  return (
    <Prefetched read={(cache, client) => [cache.prefetchQuery(queries.contacts(client))]}>
      <ContactsPage />
    </Prefetched>
  );
}
