'use client';

import { useQuery } from '@tanstack/react-query';
import { LockKeyhole, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { DataTable, type Column } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Command, EmptyState, QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { settingsQueries, type Secret } from './queries';
import type { SecretField } from './secret-dialog';
import { secretTranslations } from './secret-translations';

const DeleteDialog = dynamic(() => import('@/components/delete-dialog').then((module) => module.DeleteDialog), { ssr: false });
const SecretDialog = dynamic(() => import('./secret-dialog').then((module) => module.SecretDialog), { ssr: false });

type Open = { kind: 'new' } | { kind: 'set' | 'hosts'; secret: Secret } | { kind: 'delete'; name: string };

export function SecretsCard() {
  const t = useTranslations(secretTranslations);
  const query = useQuery(settingsQueries.secrets());
  const { data } = query;
  const [open, setOpen] = useState<Open | null>(null);
  const columns = useSecretColumns(setOpen);
  const close = () => setOpen(null);
  return (
    <Card
      id="secrets"
      className="scroll-mt-16"
      title={t.title}
      aside={
        <Button size="small" onClick={() => setOpen({ kind: 'new' })} disabled={!data}>
          <Plus aria-hidden className="size-3.5" />
          {t.create}
        </Button>
      }
    >
      <QueryPlaceholder query={query} rows={2} />
      {data?.length === 0 && (
        <EmptyState icon={LockKeyhole} title={t.none}>
          <p>{t.noneHint}</p>
          <Command text="secret:NAME" label={t.use} />
        </EmptyState>
      )}
      {data && data.length > 0 && <DataTable label={t.title} columns={columns} rows={data} rowKey={(secret) => secret.name} />}
      {open?.kind === 'new' && <SecretDialog secret={null} fields={['value', 'hosts']} onClose={close} />}
      {open?.kind === 'set' && <SecretDialog secret={open.secret} fields={fieldsOf(open.secret)} onClose={close} />}
      {open?.kind === 'hosts' && <SecretDialog secret={open.secret} fields={['hosts']} onClose={close} />}
      {open?.kind === 'delete' && <DeleteSecretDialog name={open.name} onClose={close} />}
    </Card>
  );
}

/** Secrets of earlier versions have no hosts; their next save requires some. */
function fieldsOf(secret: Secret): SecretField[] {
  return secret.hosts.length === 0 ? ['value', 'hosts'] : ['value'];
}

function DeleteSecretDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations(secretTranslations);
  return (
    <DeleteDialog
      title={t.askDelete(name)}
      action={t.deleteAction(name)}
      typed={name}
      request={() => unwrap(api.DELETE('/secrets/{secret_name}', { params: { path: { secret_name: name } } }))}
      queryKey={['secrets']}
      onClose={onClose}
    >
      <p>{t.deleteHint}</p>
    </DeleteDialog>
  );
}

function useSecretColumns(onOpen: (open: Open) => void): Column<Secret>[] {
  const t = useTranslations(secretTranslations);
  return [
    {
      id: 'name',
      header: t.name,
      width: 'minmax(0,1.4fr)',
      card: 'title',
      cell: (secret) => (
        <span className="flex min-w-0 items-center gap-1">
          <code className="truncate font-mono text-xs">secret:{secret.name}</code>
          <CopyButton text={`secret:${secret.name}`} label={t.copyName} />
        </span>
      ),
    },
    {
      id: 'hosts',
      header: t.hosts,
      width: 'minmax(0,1.2fr)',
      cell: (secret) =>
        secret.hosts.length === 0 ? (
          <span className="text-xs text-tone-text tone-retry">{t.noHosts}</span>
        ) : (
          <span className="truncate font-mono text-xs text-text-2" title={secret.hosts.join('\n')}>
            {secret.hosts.join(', ')}
          </span>
        ),
    },
    {
      id: 'set',
      header: t.setAt,
      width: 'minmax(0,1fr)',
      cell: (secret) => (
        <span className="truncate text-text-2">
          <RelativeTime at={secret.updated_at} /> {t.by(secret.updated_by)}
        </span>
      ),
    },
    {
      id: 'acts',
      header: <span className="sr-only">{t.acts}</span>,
      width: '248px',
      align: 'end',
      card: 'wide',
      cell: (secret) => (
        <span className="inline-flex gap-2">
          <Button size="small" aria-label={t.setTitle(secret.name)} onClick={() => onOpen({ kind: 'set', secret })}>
            {t.setAgain}
          </Button>
          <Button size="small" aria-label={t.hostsTitle(secret.name)} onClick={() => onOpen({ kind: 'hosts', secret })}>
            {t.setHosts}
          </Button>
          <Button size="small" variant="danger" aria-label={t.deleteAction(secret.name)} onClick={() => onOpen({ kind: 'delete', name: secret.name })}>
            {t.delete}
          </Button>
        </span>
      ),
    },
  ];
}
