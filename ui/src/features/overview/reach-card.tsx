'use client';

import { useQuery } from '@tanstack/react-query';
import { BellRing } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { queries } from '@/lib/api/queries';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';

const HIDDEN = 'reach-hidden';

export const reachTranslations = defineTranslations(
  {
    title: 'Where can we reach you?',
    hint: 'No recipient is set yet. Alarms, reports and reminders wait in the sandbox inbox, and no one gets a message.',
    connect: 'Connect a channel',
    choose: 'Choose the recipient',
    inbox: 'Open the inbox',
    later: 'Not now',
    viewer: 'An admin can set the recipient of alarms in Settings.',
  },
  {
    title: 'Ke mana kami bisa menghubungi Anda?',
    hint: 'Belum ada penerima. Alarm, laporan dan pengingat menunggu di kotak masuk sandbox, dan tidak dikirim ke siapa pun.',
    connect: 'Hubungkan kanal',
    choose: 'Pilih penerima',
    inbox: 'Lihat isinya',
    later: 'Nanti saja',
    viewer: 'Admin bisa mengatur penerima alarm di Pengaturan.',
  },
);

/** Asks once where messages go, as long as no recipient is set. */
export function ReachCard() {
  const t = useTranslations(reachTranslations);
  const isAdmin = useCan('admin');
  const { data } = useQuery(queries.defaultNotify());
  const { data: channels } = useQuery({ ...queries.connectors(), enabled: data?.value === null });
  const hidden = useHidden();
  if (data?.value !== null || hidden) return null;
  const hasAccount = channels?.some((channel) => channel.accounts.some((account) => account.enabled && account.channel !== 'sandbox'));
  return (
    <Card title={t.title} aside={<Button size="small" onClick={hide}>{t.later}</Button>}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3.5 py-3 text-sm">
        <BellRing aria-hidden className="size-4 shrink-0 text-text-3" />
        <p className="min-w-0 flex-1 basis-72 text-text-2">
          {t.hint} {!isAdmin && t.viewer}{' '}
          <Link href="/messages?tab=sandbox" className="font-medium underline underline-offset-2">
            {t.inbox}
          </Link>
        </p>
        {isAdmin && (
          <ButtonLink href={hasAccount ? '/settings#notify' : '/connectors?connect=new'} variant="primary">
            {hasAccount ? t.choose : t.connect}
          </ButtonLink>
        )}
      </div>
    </Card>
  );
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function hide(): void {
  localStorage.setItem(HIDDEN, '1');
  listeners.forEach((each) => each());
}

/** Whether this browser has put the question off; unknown on the server, so hidden there. */
function useHidden(): boolean {
  return useSyncExternalStore(subscribe, () => localStorage.getItem(HIDDEN) === '1', () => true);
}
