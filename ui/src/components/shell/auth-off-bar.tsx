'use client';

import { TriangleAlert } from 'lucide-react';
import { Command } from '@/components/ui/states';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';

const translations = defineTranslations(
  {
    title: 'Everybody who reaches this port is an admin (AUTH=off).',
    step: 'Remove AUTH=off from .env, start again, and sign in with:',
  },
  {
    title: 'Semua yang mencapai port ini adalah admin (AUTH=off).',
    step: 'Hapus AUTH=off dari .env, jalankan ulang, lalu masuk dengan:',
  },
);

/** The warning of AUTH=off, on every page; it cannot be closed. */
export function AuthOffBar() {
  const t = useTranslations(translations);
  if (useSession().auth !== 'off') return null;
  return (
    <div role="note" data-auth="off" className={BAR}>
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-tone max-xl:mt-0.5" />
      <strong className="font-medium">{t.title}</strong>
      <span className="col-start-2 flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        {t.step} <Command text="multi-job open" />
      </span>
    </div>
  );
}

const BAR = 'grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 gap-y-1 border-b bg-tone-bg px-4 py-1.5 text-sm text-text tone-fail lg:px-6 xl:flex xl:items-center';
