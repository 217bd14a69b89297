'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound, Lock, Plus, UserRound } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { DataTable, type Column } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState, QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { KeyLimits } from './key-limits';
import { keyTranslations } from './key-translations';
import { settingsQueries, type Key } from './queries';

const DeleteDialog = dynamic(() => import('@/components/delete-dialog').then((module) => module.DeleteDialog), { ssr: false });
const RotateKeyDialog = dynamic(() => import('./rotate-key-dialog').then((module) => module.RotateKeyDialog), { ssr: false });
const RoleDialog = dynamic(() => import('./role-dialog').then((module) => module.RoleDialog), { ssr: false });
const CreateKeyDialog = dynamic(() => import('./create-key-dialog').then((module) => module.CreateKeyDialog), { ssr: false });

export function KeysCard() {
  const t = useTranslations(keyTranslations);
  const query = useQuery(settingsQueries.keys());
  const { data } = query;
  const { data: me } = useQuery(settingsQueries.me());
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<Key | null>(null);
  const [rotated, setRotated] = useState<Key | null>(null);
  const [changed, setChanged] = useState<Key | null>(null);
  const columns = useKeyColumns(me?.key_id ?? null, { revoke: setRevoked, rotate: setRotated, setRole: setChanged });
  return (
    <Card
      id="keys"
      className="scroll-mt-16"
      title={t.title}
      aside={
        <Button size="small" onClick={() => setMaking(true)} disabled={!data}>
          <Plus aria-hidden className="size-3.5" />
          {t.create}
        </Button>
      }
    >
      <QueryPlaceholder query={query} rows={3} />
      {data?.length === 0 && (
        <EmptyState icon={KeyRound} title={t.none}>
          <p>{t.noneHint}</p>
        </EmptyState>
      )}
      {data && data.length > 0 && <DataTable label={t.title} columns={columns} rows={data} rowKey={(key) => key.id} />}
      {data?.some((key) => key.source === 'env') && <p className="border-t px-3.5 py-2 text-xs text-text-3">{t.envHint}</p>}
      {data?.some((key) => key.provider) && <p className="border-t px-3.5 py-2 text-xs text-text-3">{t.providerHint}</p>}
      {data?.some((key) => key.state === 'not_valid') && <p className="border-t px-3.5 py-2 text-xs text-text-3">{t.notValidHint}</p>}
      {isMaking && data && (
        <CreateKeyDialog
          hasAdmin={data.some((key) => key.kind === 'key' && key.role === 'admin' && key.state === 'active' && key.addresses.length === 0)}
          onClose={() => setMaking(false)}
        />
      )}
      {changed && <RoleDialog target={changed} onClose={() => setChanged(null)} />}
      {rotated && <RotateKeyDialog target={rotated} onClose={() => setRotated(null)} />}
      {revoked && <RevokeDialog target={revoked} isOwn={revoked.id === me?.key_id} onClose={() => setRevoked(null)} />}
    </Card>
  );
}

function RevokeDialog({ target, isOwn, onClose }: { target: Key; isOwn: boolean; onClose: () => void }) {
  const t = useTranslations(keyTranslations);
  const isPerson = target.kind === 'user';
  return (
    <DeleteDialog
      title={isPerson ? t.askRemove(target.name) : t.askRevoke(target.name)}
      action={isPerson ? t.removeAction(target.name) : t.revokeAction(target.name)}
      request={() => unwrap(api.DELETE('/keys/{key_id}', { params: { path: { key_id: target.id } } }))}
      queryKey={['keys']}
      onClose={onClose}
    >
      <p>{!isPerson ? t.revokeHint : target.provider ? t.removeAtProvider : t.removeHint}</p>
      {isOwn && <p className="font-medium text-text">{t.own}</p>}
    </DeleteDialog>
  );
}

type Acts = Record<'revoke' | 'rotate' | 'setRole', (key: Key) => void>;

function useKeyColumns(ownId: string | null, acts: Acts): Column<Key>[] {
  const t = useTranslations(keyTranslations);
  return [
    {
      id: 'name',
      header: t.name,
      width: 'minmax(0,1.2fr)',
      card: 'title',
      cell: (key) => (
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium">{key.name}</span>
          {key.kind === 'user' && (
            <Badge icon={UserRound}>
              <span title={key.provider ?? undefined}>{key.provider ? new URL(key.provider).host : t.person}</span>
            </Badge>
          )}
          {key.id === ownId && <Badge>{t.you}</Badge>}
          {key.state === 'not_valid' && <Badge tone="fail">{t.notValid}</Badge>}
        </span>
      ),
    },
    { id: 'role', header: t.role, width: '88px', cell: (key) => key.role },
    { id: 'limits', header: t.limits, width: 'minmax(0,1fr)', cell: (key) => <KeyLimits of={key} /> },
    { id: 'id', header: t.id, width: '136px', cell: (key) => <code className="font-mono text-xs text-text-2">{key.id}</code> },
    {
      id: 'created',
      header: t.created,
      width: 'minmax(0,1fr)',
      cell: (key) =>
        key.created_at ? (
          <span className="truncate text-text-2">
            <RelativeTime at={key.created_at} /> {key.created_by && !key.provider && t.by(key.created_by)}
          </span>
        ) : (
          <Badge icon={Lock}>{t.env}</Badge>
        ),
    },
    {
      id: 'used',
      header: t.used,
      width: '120px',
      cell: (key) => <span className="text-text-2">{key.last_used_at ? <RelativeTime at={key.last_used_at} /> : t.never}</span>,
    },
    {
      id: 'ends',
      header: t.expires,
      width: '112px',
      cell: (key) => <End of={key} />,
    },
    {
      id: 'revoke',
      header: <span className="sr-only">{t.revoke}</span>,
      width: '160px',
      align: 'end',
      card: 'wide',
      cell: (key) =>
        key.source === 'env' ? (
          <span className="text-text-3">–</span>
        ) : (
          <KeyButtons of={key} acts={acts} />
        ),
    },
  ];
}

function KeyButtons({ of: key, acts }: { of: Key; acts: Acts }) {
  const t = useTranslations(keyTranslations);
  const isPerson = key.kind === 'user';
  return (
    <span className="flex gap-2">
      {key.state !== 'not_valid' && !isPerson && (
        <Button size="small" aria-label={t.rotateAction(key.name)} onClick={() => acts.rotate(key)}>
          {t.rotate}
        </Button>
      )}
      {isPerson && !key.provider && (
        <Button size="small" aria-label={t.roleAction(key.name)} onClick={() => acts.setRole(key)}>
          {t.role}
        </Button>
      )}
      <Button
        size="small"
        variant="danger"
        aria-label={isPerson ? t.removeAction(key.name) : t.revokeAction(key.name || key.id)}
        onClick={() => acts.revoke(key)}
      >
        {isPerson ? t.remove : t.revoke}
      </Button>
    </span>
  );
}

function End({ of: key }: { of: Key }) {
  const t = useTranslations(keyTranslations);
  if (key.state === 'expired') return <Badge tone="retry">{t.expired}</Badge>;
  return <span className="text-text-2">{key.expires_at ? <RelativeTime at={key.expires_at} /> : t.neverEnds}</span>;
}
