'use client';

import { NewItemsPill } from '@/components/ui/new-items-pill';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { translations } from './translations';

export function NewMessagesPill({ count, onShow }: { count: number; onShow: () => void }) {
  const t = useTranslations(translations);
  const lang = useLang();
  return <NewItemsPill count={count} label={t.newOnes(formatNumber(count, lang), count === 1)} hint={t.showNew} onShow={onShow} />;
}
