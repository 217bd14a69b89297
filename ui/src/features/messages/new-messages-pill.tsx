'use client';

import { NewPill } from '@/components/ui/new-pill';
import { useLang, useWords } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { words } from './words';

export function NewMessagesPill({ count, onShow }: { count: number; onShow: () => void }) {
  const t = useWords(words);
  const lang = useLang();
  return <NewPill count={count} label={t.newOnes(formatNumber(count, lang), count === 1)} hint={t.showNew} onShow={onShow} />;
}
