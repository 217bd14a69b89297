'use client';

import { NewItemsPill } from '@/components/ui/new-items-pill';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { jobTableTranslations } from './translations';

export function NewJobsPill({ count, onShow }: { count: number; onShow: () => void }) {
  const t = useTranslations(jobTableTranslations);
  const lang = useLang();
  return <NewItemsPill count={count} label={t.newJobs(formatNumber(count, lang), count === 1)} hint={t.showNew} onShow={onShow} />;
}
