import { api, type Schemas } from '@/lib/api/client';
import { pagedQuery, type ApiClient } from '@/lib/api/queries';

export type AuditEntry = Schemas['AuditBody'];
export type AuditFilter = { actor: string; target: string; key_id: string };

const PAGE_SIZE = 100;

/** Audit entries, newest first. */
export const auditEntries = (filter: AuditFilter, client: ApiClient = api) =>
  pagedQuery<AuditEntry>(['audit', filter], (cursor, signal) => {
    const { actor, target, key_id: keyId } = filter;
    const query = { actor: actor || undefined, target: target || undefined, key_id: keyId || undefined, cursor, limit: PAGE_SIZE };
    return client.GET('/audit', { signal, params: { query } });
  });
