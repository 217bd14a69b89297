import { api, type Schemas } from '@/lib/api/client';
import { pagedQuery, type ApiClient } from '@/lib/api/queries';

export type AuditEntry = Schemas['AuditBody'];
export type AuditFilter = { actor: string; target: string };

const PAGE_SIZE = 100;

/** Audit entries, newest first. */
export const auditEntries = (filter: AuditFilter, client: ApiClient = api) =>
  pagedQuery<AuditEntry>(['audit', filter], (cursor, signal) => {
    const query = { actor: filter.actor || undefined, target: filter.target || undefined, cursor, limit: PAGE_SIZE };
    return client.GET('/audit', { signal, params: { query } });
  });
