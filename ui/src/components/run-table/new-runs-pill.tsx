'use client';

import { NewItemsPill } from '@/components/ui/new-items-pill';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { MAX_NEW } from './use-run-list';
import { runTableTranslations } from './translations';

export function NewRunsPill({ count, onShow, isPending }: { count: number; onShow: () => void; isPending?: boolean }) {
  const t = useTranslations(runTableTranslations);
  const lang = useLang();
  const shown = count >= MAX_NEW ? `${formatNumber(MAX_NEW, lang)}+` : formatNumber(count, lang);
  return <NewItemsPill count={count} label={t.newRuns(shown, count === 1)} hint={t.showNew} onShow={onShow} isPending={isPending} />;
}
