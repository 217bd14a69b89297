'use client';

import { useQuery } from '@tanstack/react-query';
import { BookUser, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { DataTable, type Column } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { SearchBox } from '@/components/ui/search-box';
import { Command, EmptyState, NoResults, QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { queries, type Contact } from '@/lib/api/queries';
import { useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { contactTranslations } from './translations';

const ContactDialog = dynamic(() => import('./contact-dialog').then((module) => module.ContactDialog), { ssr: false });
const DeleteDialog = dynamic(() => import('@/components/delete-dialog').then((module) => module.DeleteDialog), { ssr: false });

type Open = { act: 'edit'; contact: Contact | null } | { act: 'delete'; contact: Contact };

/** The address book: names that a sentence may use for a recipient. */
export function ContactsPage() {
  const t = useTranslations(contactTranslations);
  const isAdmin = useCan('admin');
  const query = useQuery(queries.contacts());
  const { data } = query;
  const [q, setQ] = useQueryState('q', parseAsString.withDefault(''));
  const [open, setOpen] = useState<Open | null>(null);
  const columns = useColumns(setOpen, isAdmin);
  const words = q.trim().toLowerCase();
  const rows = (data ?? []).filter(({ name, channel, to }) => [name, channel, to].some((each) => each.toLowerCase().includes(words)));
  const close = () => setOpen(null);
  const create = (
    <Button variant="primary" disabled={!data} onClick={() => setOpen({ act: 'edit', contact: null })}>
      <Plus aria-hidden className="size-3.5" />
      {t.create}
    </Button>
  );
  return (
    <Page title={t.title} note={t.note} actions={isAdmin && create}>
      {data && data.length > 0 && <SearchBox value={q} onChange={(next) => void setQ(next === '' ? null : next)} placeholder={t.search} />}
      <Card>
        <QueryPlaceholder query={query} rows={4} />
        {data?.length === 0 && (
          <EmptyState icon={BookUser} title={t.none}>
            <p>{t.noneHint}</p>
            <Command label={isAdmin ? undefined : t.noneAdmin} text={'multi-job contacts set "Bu Siti" whatsapp 081234567890'} />
          </EmptyState>
        )}
        {data && data.length > 0 && rows.length === 0 && <NoResults onClear={() => void setQ(null)} />}
        {rows.length > 0 && <DataTable label={t.title} columns={columns} rows={rows} rowKey={(contact) => contact.name} />}
      </Card>
      {open?.act === 'edit' && <ContactDialog contact={open.contact} others={data ?? []} onClose={close} />}
      {open?.act === 'delete' && (
        <DeleteDialog
          title={t.askDelete(open.contact.name)}
          action={t.deleteAction(open.contact.name)}
          request={() => unwrap(api.DELETE('/contacts/{contact_name}', { params: { path: { contact_name: open.contact.name } } }))}
          queryKey={queries.contacts().queryKey}
          onClose={close}
        >
          <p>{t.deleteHint}</p>
        </DeleteDialog>
      )}
    </Page>
  );
}

function useColumns(onOpen: (open: Open) => void, isAdmin: boolean): Column<Contact>[] {
  const t = useTranslations(contactTranslations);
  const acts: Column<Contact> = {
    id: 'acts',
    header: <span className="sr-only">{t.actions}</span>,
    width: '136px',
    align: 'end',
    card: 'wide',
    cell: (contact) => (
      <span className="inline-flex gap-2">
        <Button size="small" aria-label={t.editTitle(contact.name)} onClick={() => onOpen({ act: 'edit', contact })}>
          {t.edit}
        </Button>
        <Button size="small" variant="danger" aria-label={t.deleteAction(contact.name)} onClick={() => onOpen({ act: 'delete', contact })}>
          {t.delete}
        </Button>
      </span>
    ),
  };
  return [
    { id: 'name', header: t.name, width: 'minmax(0,1.2fr)', card: 'title', cell: (contact) => <span className="truncate font-medium">{contact.name}</span> },
    { id: 'channel', header: t.channel, width: '104px', cell: (contact) => contact.channel },
    { id: 'to', header: t.to, width: 'minmax(0,1.2fr)', cell: (contact) => <span className="truncate font-mono text-xs" title={contact.to}>{contact.to}</span> },
    {
      id: 'account',
      header: t.account,
      width: 'minmax(0,1fr)',
      cell: (contact) => (contact.account_id ? <span className="truncate font-mono text-xs">{contact.account_id}</span> : <span className="truncate text-text-3">{t.anyAccount}</span>),
    },
    {
      id: 'changed',
      header: t.changed,
      width: 'minmax(0,1fr)',
      cell: (contact) => (
        <span className="truncate text-text-2">
          <RelativeTime at={contact.updated_at} /> {t.by(contact.updated_by)}
        </span>
      ),
    },
    ...(isAdmin ? [acts] : []),
  ];
}
