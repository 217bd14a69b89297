'use client';

import { NewPill } from '@/components/ui/new-pill';
import { useLang, useWords } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { MAX_NEW } from './use-run-list';
import { runTableWords } from './words';

export function NewRunsPill({ count, onShow, isPending }: { count: number; onShow: () => void; isPending?: boolean }) {
  const t = useWords(runTableWords);
  const lang = useLang();
  const shown = count >= MAX_NEW ? `${formatNumber(MAX_NEW, lang)}+` : formatNumber(count, lang);
  return <NewPill count={count} label={t.newRuns(shown, count === 1)} hint={t.showNew} onShow={onShow} isPending={isPending} />;
}
