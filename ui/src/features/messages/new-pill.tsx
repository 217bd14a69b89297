'use client';

import { ArrowUp } from 'lucide-react';
import { useLang, useWords } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { words } from './words';

/** Says that there are newer messages than the list shows, and shows them; nothing moves until then. */
export function NewPill({ count, onShow }: { count: number; onShow: () => void }) {
  const t = useWords(words);
  const lang = useLang();
  return (
    <div aria-live="polite" className="pointer-events-none sticky top-14 z-20 flex h-0 justify-center">
      {count > 0 && (
        <button
          type="button"
          onClick={onShow}
          title={t.showNew}
          className="pointer-events-auto flex h-7 -translate-y-1 items-center gap-1.5 rounded-full border border-ink bg-ink px-3 text-xs font-medium text-on-ink"
        >
          <ArrowUp aria-hidden className="size-3.5" />
          {t.newOnes(formatNumber(count, lang), count === 1)}
        </button>
      )}
    </div>
  );
}
