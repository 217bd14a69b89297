'use client';

import { ArrowUp } from 'lucide-react';
import { Spinner } from '@/components/ui/spinner';
import { useLang, useWords } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { MAX_NEW } from './use-run-list';
import { runTableWords } from './words';

/** Says that there are newer runs than the list shows, and shows them; nothing moves until then. */
export function NewRunsPill({ count, onShow, isPending }: { count: number; onShow: () => void; isPending?: boolean }) {
  const t = useWords(runTableWords);
  const lang = useLang();
  return (
    <div aria-live="polite" className="pointer-events-none sticky top-14 z-20 flex h-0 justify-center">
      {count > 0 && (
        <button
          type="button"
          onClick={onShow}
          disabled={isPending}
          title={t.showNew}
          className="pointer-events-auto flex h-7 -translate-y-1 items-center gap-1.5 rounded-full border border-ink bg-ink px-3 text-xs font-medium text-on-ink"
        >
          {isPending ? <Spinner /> : <ArrowUp aria-hidden className="size-3.5" />}
          {t.newRuns(count >= MAX_NEW ? `${formatNumber(MAX_NEW, lang)}+` : formatNumber(count, lang), count === 1)}
        </button>
      )}
    </div>
  );
}
