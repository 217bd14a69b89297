'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Lock, RefreshCw, ScrollText } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { DataTable } from '@/components/table/data-table';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { Command, ErrorState, NoResults, EmptyState, SkeletonRows } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { useAuditColumns } from './columns';
import { AuditFilters, useAuditFilter } from './filters';
import { auditEntries, type AuditEntry } from './queries';
import { translations } from './translations';

const EntryDialog = dynamic(() => import('./entry-dialog').then((module) => module.EntryDialog), { ssr: false });

/** The audit log. Only admins see it; other roles see how to get access. */
export function AuditPage() {
  const t = useTranslations(translations);
  const canRead = useCan('admin');
  if (canRead) return <Entries />;
  return (
    <Page title={t.title}>
      <Card>
        <EmptyState icon={Lock} title={t.needs}>
          <Command label={t.needsHint} text="multi-job keys create NAME --role admin" />
        </EmptyState>
      </Card>
    </Page>
  );
}

function Entries() {
  const t = useTranslations(translations);
  const { filter, set, clear } = useAuditFilter();
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const query = useInfiniteQuery(auditEntries(filter));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const columns = useAuditColumns(setOpen);
  const isFiltered = Object.values(filter).some((text) => text !== '');
  return (
    <Page
      title={t.title}
      note={t.note}
      actions={
        <Button pending={query.isRefetching && !query.isFetchingNextPage} onClick={() => void query.refetch()}>
          {!query.isRefetching && <RefreshCw aria-hidden className="size-3.5" />}
          {t.again}
        </Button>
      }
    >
      <AuditFilters filter={filter} set={set} />
      <Card>
        {query.isPending && <SkeletonRows rows={10} />}
        {query.isError && rows.length === 0 && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && rows.length === 0 && (isFiltered ? <NoResults onClear={clear} /> : <NoEntries />)}
        {rows.length > 0 && (
          <DataTable
            label={t.title}
            columns={columns}
            rows={rows}
            rowKey={(entry) => entry.id}
            onEnd={() => {
              if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
            }}
            isLoadingMore={query.isFetchingNextPage}
          />
        )}
        {query.hasNextPage && rows.length > 0 && !query.isFetchingNextPage && (
          <div className="border-t p-2 text-center">
            <Button variant="ghost" onClick={() => void query.fetchNextPage()}>
              {t.more}
            </Button>
          </div>
        )}
      </Card>
      {open && (
        <EntryDialog
          entry={open}
          onClose={() => setOpen(null)}
          onKey={(keyId) => {
            set({ key_id: keyId });
            setOpen(null);
          }}
        />
      )}
    </Page>
  );
}

function NoEntries() {
  const t = useTranslations(translations);
  return (
    <EmptyState icon={ScrollText} title={t.nothing}>
      <p>{t.nothingHint}</p>
    </EmptyState>
  );
}
