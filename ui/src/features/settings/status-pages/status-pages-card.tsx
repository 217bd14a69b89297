'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Megaphone, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { DataTable, type Column } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Switch } from '@/components/ui/field';
import { EmptyState, QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { useAction } from '@/lib/api/use-action';
import { useTranslations } from '@/lib/i18n';
import { Can, useCan } from '@/lib/session';
import { bodyOf, statusPageQueries, type StatusPage } from './queries';
import { statusPageTranslations } from './translations';

const DeleteDialog = dynamic(() => import('@/components/delete-dialog').then((module) => module.DeleteDialog), { ssr: false });
const StatusPageDialog = dynamic(() => import('./status-page-dialog').then((module) => module.StatusPageDialog), { ssr: false });

type Open = { act: 'edit'; page: StatusPage | null } | { act: 'delete'; page: StatusPage };

/** The status pages: their monitors, whether readers see them, and their addresses. */
export function StatusPagesCard() {
  const t = useTranslations(statusPageTranslations);
  const query = useQuery(statusPageQueries.pages());
  const { data } = query;
  const [open, setOpen] = useState<Open | null>(null);
  const columns = useColumns(setOpen);
  const close = () => setOpen(null);
  return (
    <Card
      id="status-pages"
      className="scroll-mt-16"
      title={t.title}
      aside={
        <Can role="admin">
          <Button size="small" disabled={!data} onClick={() => setOpen({ act: 'edit', page: null })}>
            <Plus aria-hidden className="size-3.5" />
            {t.create}
          </Button>
        </Can>
      }
    >
      <p className="px-3.5 py-2.5 text-sm text-text-2">{t.hint}</p>
      <QueryPlaceholder query={query} rows={2} />
      {data?.length === 0 && (
        <EmptyState icon={Megaphone} title={t.none}>
          <p>{t.noneHint}</p>
        </EmptyState>
      )}
      {data && data.length > 0 && <DataTable label={t.title} columns={columns} rows={data} rowKey={(page) => page.slug} />}
      {open?.act === 'edit' && <StatusPageDialog page={open.page} others={data ?? []} onClose={close} />}
      {open?.act === 'delete' && (
        <DeleteDialog
          title={t.askDelete(open.page.title)}
          action={t.deleteAction(open.page.title)}
          request={() => unwrap(api.DELETE('/status-pages/{slug}', { params: { path: { slug: open.page.slug } } }))}
          queryKey={statusPageQueries.pages().queryKey}
          onClose={close}
        >
          <p>{t.deleteHint}</p>
        </DeleteDialog>
      )}
    </Card>
  );
}

function useColumns(onOpen: (open: Open) => void): Column<StatusPage>[] {
  const t = useTranslations(statusPageTranslations);
  const canEdit = useCan('admin');
  const acts: Column<StatusPage> = {
    id: 'acts',
    header: <span className="sr-only">{t.actions}</span>,
    width: '136px',
    align: 'end',
    card: 'wide',
    cell: (page) => (
      <span className="inline-flex gap-2">
        <Button size="small" aria-label={t.editTitle(page.title)} onClick={() => onOpen({ act: 'edit', page })}>
          {t.edit}
        </Button>
        <Button size="small" variant="danger" aria-label={t.deleteAction(page.title)} onClick={() => onOpen({ act: 'delete', page })}>
          {t.delete}
        </Button>
      </span>
    ),
  };
  return [
    {
      id: 'title',
      header: t.name,
      width: 'minmax(0,1.2fr)',
      card: 'title',
      cell: (page) => (
        <span className="truncate font-medium" title={page.title}>
          {page.title}
        </span>
      ),
    },
    {
      id: 'monitors',
      header: t.monitors,
      width: 'minmax(0,1.4fr)',
      cell: ({ monitors }) => (
        <span className="truncate text-text-2" title={monitors.map((each) => `${each.name}: ${each.job_id}`).join('\n')}>
          {monitors.map((each) => each.name).join(', ') || '–'}
        </span>
      ),
    },
    { id: 'published', header: t.published, width: '96px', cell: (page) => <PublishSwitch page={page} /> },
    { id: 'address', header: t.address, width: 'minmax(0,1.2fr)', cell: (page) => <Address page={page} /> },
    {
      id: 'changed',
      header: t.changed,
      width: 'minmax(0,1fr)',
      cell: (page) => (
        <span className="truncate text-text-2">
          <RelativeTime at={page.updated_at} /> {t.by(page.updated_by)}
        </span>
      ),
    },
    ...(canEdit ? [acts] : []),
  ];
}

function PublishSwitch({ page }: { page: StatusPage }) {
  const t = useTranslations(statusPageTranslations);
  const client = useQueryClient();
  const canEdit = useCan('admin');
  const publish = useAction({
    run: (published: boolean) =>
      unwrap(api.PUT('/status-pages/{slug}', { params: { path: { slug: page.slug } }, body: { ...bodyOf(page), published } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: statusPageQueries.pages().queryKey }),
  });
  return (
    <Switch
      label={t.publish(page.title)}
      checked={publish.isPending ? !page.published : page.published}
      disabled={!canEdit || publish.isPending}
      onChange={(event) => publish.mutate(event.target.checked)}
    />
  );
}

/** A plain link: the page has no script, and is no part of this application. */
function Address({ page }: { page: StatusPage }) {
  const t = useTranslations(statusPageTranslations);
  if (!page.published) return <span className="text-text-3">{t.notPublished}</span>;
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <a href={page.path} target="_blank" rel="noreferrer" className="truncate underline decoration-border-strong underline-offset-2 hover:decoration-text">
        {page.path}
      </a>
      <CopyButton text={`${typeof window === 'undefined' ? '' : window.location.origin}${page.path}`} label={t.copyLink(page.title)} />
    </span>
  );
}
