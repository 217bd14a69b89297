'use client';

import { useQuery } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { DataTable, type Column } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState, QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { deviceName } from './device-name';
import { settingsQueries, type SignedIn } from './queries';

const DeleteDialog = dynamic(() => import('@/components/delete-dialog').then((module) => module.DeleteDialog), { ssr: false });

const translations = defineTranslations(
  {
    title: 'Signed-in browsers',
    none: 'No browser is signed in',
    noneHint: 'A browser that signs in with an API key is listed here, and can be signed out.',
    device: 'Browser',
    key: 'Key',
    address: 'Address',
    since: 'Since',
    seen: 'Last seen',
    ends: 'Ends',
    current: 'this one',
    revoke: 'Revoke',
    revokeAction: (device: string) => `Revoke ${device}`,
    ask: (device: string) => `Sign ${device} out?`,
    hint: 'It is refused at once. Its key stays valid and can sign in again.',
    own: 'This is your own session: you will have to sign in again.',
  },
  {
    title: 'Peramban yang sedang masuk',
    none: 'Tidak ada peramban yang sedang masuk',
    noneHint: 'Peramban yang masuk dengan kunci API tampil di sini, dan bisa dikeluarkan.',
    device: 'Peramban',
    key: 'Kunci',
    address: 'Alamat',
    since: 'Sejak',
    seen: 'Terakhir aktif',
    ends: 'Berakhir',
    current: 'yang ini',
    revoke: 'Cabut',
    revokeAction: (device: string) => `Cabut ${device}`,
    ask: (device: string) => `Keluarkan ${device}?`,
    hint: 'Langsung ditolak. Kuncinya tetap berlaku, jadi masih bisa dipakai untuk masuk lagi.',
    own: 'Ini sesi Anda sendiri: Anda harus masuk lagi.',
  },
);

export function SessionsCard() {
  const t = useTranslations(translations);
  const query = useQuery(settingsQueries.sessions());
  const { data } = query;
  const [revoked, setRevoked] = useState<SignedIn | null>(null);
  const columns = useColumns(setRevoked);
  return (
    <Card id="sessions" className="scroll-mt-16" title={t.title}>
      <QueryPlaceholder query={query} rows={2} />
      {data?.length === 0 && (
        <EmptyState icon={MonitorSmartphone} title={t.none}>
          <p>{t.noneHint}</p>
        </EmptyState>
      )}
      {data && data.length > 0 && <DataTable label={t.title} columns={columns} rows={data} rowKey={(each) => each.id} />}
      {revoked && <RevokeDialog target={revoked} onClose={() => setRevoked(null)} />}
    </Card>
  );
}

function RevokeDialog({ target, onClose }: { target: SignedIn; onClose: () => void }) {
  const t = useTranslations(translations);
  const device = deviceName(target.device);
  return (
    <DeleteDialog
      title={t.ask(device)}
      action={t.revokeAction(device)}
      request={() => unwrap(api.DELETE('/sessions/{session_id}', { params: { path: { session_id: target.id } } }))}
      queryKey={['sessions']}
      onClose={onClose}
    >
      <p>{t.hint}</p>
      {target.current && <p className="font-medium text-text">{t.own}</p>}
    </DeleteDialog>
  );
}

function useColumns(onRevoke: (session: SignedIn) => void): Column<SignedIn>[] {
  const t = useTranslations(translations);
  return [
    {
      id: 'device',
      header: t.device,
      width: 'minmax(0,1.2fr)',
      card: 'title',
      cell: (each) => (
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium" title={each.device}>
            {deviceName(each.device)}
          </span>
          {each.current && <Badge>{t.current}</Badge>}
        </span>
      ),
    },
    {
      id: 'key',
      header: t.key,
      width: 'minmax(0,1fr)',
      cell: (each) => (
        <span className="truncate">
          {each.name} <span className="text-text-3">{each.role}</span>
        </span>
      ),
    },
    {
      id: 'address',
      header: t.address,
      width: 'minmax(0,1fr)',
      cell: (each) => <code className="truncate font-mono text-xs text-text-2">{each.address || '–'}</code>,
    },
    { id: 'since', header: t.since, width: '112px', cell: (each) => <Ago at={each.created_at} /> },
    { id: 'seen', header: t.seen, width: '112px', cell: (each) => <Ago at={each.last_seen_at} /> },
    { id: 'ends', header: t.ends, width: '112px', from: 'xl', cell: (each) => <Ago at={each.expires_at} /> },
    {
      id: 'revoke',
      header: <span className="sr-only">{t.revoke}</span>,
      width: '88px',
      align: 'end',
      card: 'wide',
      cell: (each) => (
        <Button size="small" variant="danger" aria-label={t.revokeAction(deviceName(each.device))} onClick={() => onRevoke(each)}>
          {t.revoke}
        </Button>
      ),
    },
  ];
}

function Ago({ at }: { at: string }) {
  return (
    <span className="text-text-2">
      <RelativeTime at={at} />
    </span>
  );
}
