'use client';

import { NewPill } from '@/components/ui/new-pill';
import { useLang, useWords } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { jobTableWords } from './words';

export function NewJobsPill({ count, onShow }: { count: number; onShow: () => void }) {
  const t = useWords(jobTableWords);
  const lang = useLang();
  return <NewPill count={count} label={t.newJobs(formatNumber(count, lang), count === 1)} hint={t.showNew} onShow={onShow} />;
}
