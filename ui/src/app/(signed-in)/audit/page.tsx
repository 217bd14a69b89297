import { AuditPage } from '@/features/audit/audit-page';
import { auditEntries } from '@/features/audit/queries';
import { Prefetched } from '@/server/prefetch';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('audit');

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Props) {
  const { actor, target, key_id: keyId } = await searchParams;
  const filter = { actor: String(actor ?? ''), target: String(target ?? ''), key_id: String(keyId ?? '') };
  return (
    <Prefetched read={(cache, client) => [cache.prefetchInfiniteQuery(auditEntries(filter, client))]}>
      <AuditPage />
    </Prefetched>
  );
}
