'use client';

import { useQuery } from '@tanstack/react-query';
import { BellRing, FlaskConical, Lock, TriangleAlert } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { AbsoluteTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { queries } from '@/lib/api/queries';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';
import type { DefaultNotify } from './queries';

const DeleteDialog = dynamic(() => import('@/components/delete-dialog').then((module) => module.DeleteDialog), { ssr: false });
const NotifyDialog = dynamic(() => import('./notify-dialog').then((module) => module.NotifyDialog), { ssr: false });

const translations = defineTranslations(
  {
    title: 'Where reports and alarms go',
    hint: 'Every message whose job names no recipient goes here.',
    none: 'No recipient yet: reports and alarms go to the sandbox inbox.',
    sandbox: 'Open the inbox',
    environment: 'Set by DEFAULT_NOTIFY: change it there and restart.',
    unusable: 'This account is missing or disabled: nothing arrives.',
    setBy: 'Set by',
    set: 'Set the recipient',
    change: 'Change',
    clear: 'Clear',
    clearTitle: 'Clear the recipient?',
    clearHint: 'Reports and alarms then go to the sandbox inbox and are not sent to anyone.',
    clearAction: 'Clear the recipient',
    fixed: 'From the environment',
  },
  {
    title: 'Ke mana laporan dan alarm dikirim',
    hint: 'Setiap pesan yang job-nya tidak menyebut penerima dikirim ke sini.',
    none: 'Belum ada penerima: laporan dan alarm masuk ke kotak masuk sandbox.',
    sandbox: 'Lihat isinya',
    environment: 'Diatur oleh DEFAULT_NOTIFY: ubah di sana lalu mulai ulang.',
    unusable: 'Akun ini tidak ada atau dinonaktifkan: tidak ada yang sampai.',
    setBy: 'Diatur oleh',
    set: 'Atur penerima',
    change: 'Ubah',
    clear: 'Hapus',
    clearTitle: 'Hapus penerima?',
    clearHint: 'Laporan dan alarm lalu masuk ke kotak masuk sandbox dan tidak dikirim ke siapa pun.',
    clearAction: 'Hapus penerima',
    fixed: 'Dari environment',
  },
);

export function NotifyCard() {
  const t = useTranslations(translations);
  const query = useQuery(queries.defaultNotify());
  const { data } = query;
  const [open, setOpen] = useState<'edit' | 'clear' | null>(null);
  return (
    <Card
      id="notify"
      className="scroll-mt-16"
      title={t.title}
      aside={
        data &&
        data.source !== 'environment' && (
          <Can role="admin">
            {data.source === 'stored' && (
              <Button size="small" variant="danger" onClick={() => setOpen('clear')}>
                {t.clear}
              </Button>
            )}
            <Button size="small" onClick={() => setOpen('edit')}>
              {data.source === 'stored' ? t.change : t.set}
            </Button>
          </Can>
        )
      }
    >
      <QueryPlaceholder query={query} rows={2} />
      {data && <Current setting={data} />}
      {open === 'edit' && data && <NotifyDialog current={data} onClose={() => setOpen(null)} />}
      {open === 'clear' && (
        <DeleteDialog
          title={t.clearTitle}
          action={t.clearAction}
          request={() => unwrap(api.DELETE('/settings/default-notify'))}
          queryKey={queries.defaultNotify().queryKey}
          onClose={() => setOpen(null)}
        >
          <p>{t.clearHint}</p>
        </DeleteDialog>
      )}
    </Card>
  );
}

function Current({ setting }: { setting: DefaultNotify }) {
  const t = useTranslations(translations);
  return (
    <div className="grid gap-2 px-3.5 py-3 text-sm">
      <p className="text-text-2">{t.hint}</p>
      {setting.value === null ? (
        <p className="flex gap-2">
          <FlaskConical aria-hidden className="mt-[3px] size-3.5 shrink-0 text-text-3" />
          <span className="min-w-0">
            {t.none}{' '}
            <Link href="/messages?tab=sandbox" className="font-medium underline decoration-border-strong underline-offset-2 hover:decoration-text">
              {t.sandbox}
            </Link>
          </span>
        </p>
      ) : (
        <p className="flex flex-wrap items-center gap-2">
          <Badge icon={setting.source === 'environment' ? Lock : BellRing}>
            {setting.source === 'environment' ? t.fixed : setting.channel}
          </Badge>
          <code className="font-mono text-xs break-all">{setting.value}</code>
          {!setting.usable && (
            <Badge tone="fail" icon={TriangleAlert}>
              {t.unusable}
            </Badge>
          )}
        </p>
      )}
      {setting.source === 'environment' && <p className="text-xs text-text-3">{t.environment}</p>}
      {setting.source === 'stored' && setting.updated_at && (
        <p className="text-xs text-text-3">
          {t.setBy} {setting.updated_by} · <AbsoluteTime at={setting.updated_at} />
        </p>
      )}
    </div>
  );
}
