'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarOff, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { DataTable, type Column } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { EmptyState, QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { queries, type Calendar } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { Can, useCan } from '@/lib/session';
import { calendarTranslations } from './translations';

const DeleteDialog = dynamic(() => import('@/components/delete-dialog').then((module) => module.DeleteDialog), { ssr: false });
const CalendarDialog = dynamic(() => import('./calendar-dialog').then((module) => module.CalendarDialog), { ssr: false });

type Open = { act: 'edit'; calendar: Calendar | null } | { act: 'delete'; calendar: Calendar };

/** The calendars of the deployment: what each leaves out, and the jobs that name it. */
export function CalendarsCard() {
  const t = useTranslations(calendarTranslations);
  const query = useQuery(queries.calendars());
  const { data } = query;
  const [open, setOpen] = useState<Open | null>(null);
  const columns = useColumns(setOpen);
  const close = () => setOpen(null);
  return (
    <Card
      id="calendars"
      className="scroll-mt-16"
      title={t.title}
      aside={
        <Can role="operator">
          <Button size="small" disabled={!data} onClick={() => setOpen({ act: 'edit', calendar: null })}>
            <Plus aria-hidden className="size-3.5" />
            {t.create}
          </Button>
        </Can>
      }
    >
      <p className="px-3.5 py-2.5 text-sm text-text-2">{t.hint}</p>
      <QueryPlaceholder query={query} rows={2} />
      {data?.length === 0 && (
        <EmptyState icon={CalendarOff} title={t.none}>
          <p>{t.noneHint}</p>
        </EmptyState>
      )}
      {data && data.length > 0 && <DataTable label={t.title} columns={columns} rows={data} rowKey={(calendar) => calendar.name} />}
      {open?.act === 'edit' && <CalendarDialog calendar={open.calendar} others={data ?? []} onClose={close} />}
      {open?.act === 'delete' && (
        <DeleteDialog
          title={t.askDelete(open.calendar.name)}
          action={t.deleteAction(open.calendar.name)}
          request={() => unwrap(api.DELETE('/calendars/{calendar_name}', { params: { path: { calendar_name: open.calendar.name } } }))}
          queryKey={queries.calendars().queryKey}
          onClose={close}
        >
          <p>{open.calendar.jobs.length > 0 ? t.inUse(open.calendar.jobs.join(', ')) : t.deleteHint}</p>
        </DeleteDialog>
      )}
    </Card>
  );
}

function useColumns(onOpen: (open: Open) => void): Column<Calendar>[] {
  const t = useTranslations(calendarTranslations);
  const lang = useLang();
  const canEdit = useCan('operator');
  const acts: Column<Calendar> = {
    id: 'acts',
    header: <span className="sr-only">{t.actions}</span>,
    width: '136px',
    align: 'end',
    card: 'wide',
    cell: (calendar) => (
      <span className="inline-flex gap-2">
        <Button size="small" aria-label={t.editTitle(calendar.name)} onClick={() => onOpen({ act: 'edit', calendar })}>
          {t.edit}
        </Button>
        <Button size="small" variant="danger" aria-label={t.deleteAction(calendar.name)} onClick={() => onOpen({ act: 'delete', calendar })}>
          {t.delete}
        </Button>
      </span>
    ),
  };
  return [
    {
      id: 'name',
      header: t.name,
      width: 'minmax(0,1fr)',
      card: 'title',
      cell: (calendar) => (
        <span className="truncate" title={calendar.description}>
          <span className="font-medium">{calendar.name}</span> <span className="text-xs text-text-3">{calendar.description}</span>
        </span>
      ),
    },
    {
      id: 'rules',
      header: t.rules,
      width: 'minmax(0,1.6fr)',
      cell: (calendar) => (
        <span className="truncate text-text-2" title={calendar.words[lang]}>
          {calendar.words[lang] || t.nothing}
        </span>
      ),
    },
    { id: 'jobs', header: t.jobs, width: 'minmax(0,1fr)', cell: (calendar) => <JobNames names={calendar.jobs} /> },
    {
      id: 'changed',
      header: t.changed,
      width: 'minmax(0,1fr)',
      cell: (calendar) => (
        <span className="truncate text-text-2">
          <RelativeTime at={calendar.updated_at} /> {t.by(calendar.updated_by)}
        </span>
      ),
    },
    ...(canEdit ? [acts] : []),
  ];
}

function JobNames({ names }: { names: readonly string[] }) {
  const t = useTranslations(calendarTranslations);
  if (names.length === 0) return <span className="text-text-3">{t.noJobs}</span>;
  return (
    <span className="truncate" title={names.join('\n')}>
      {names.map((name, at) => (
        <span key={name}>
          {at > 0 && ', '}
          <Link href={`/jobs/${encodeURIComponent(name)}`} className="underline decoration-border-strong underline-offset-2 hover:decoration-text">
            {name}
          </Link>
        </span>
      ))}
    </span>
  );
}
