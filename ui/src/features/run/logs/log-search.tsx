'use client';

import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { useHotkey } from '@/lib/hotkeys';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { logTranslations } from './translations';

type Props = { value: string; onChange: (words: string) => void; hits: number; at: number; onMove: (by: 1 | -1) => void };

/** Words to find in the log: Enter goes to the next hit, Shift+Enter back, Esc clears. */
export function LogSearch({ value, onChange, hits, at, onMove }: Props) {
  const t = useTranslations(logTranslations);
  const lang = useLang();
  const input = useRef<HTMLInputElement>(null);
  useHotkey('/', t.search, () => input.current?.focus());
  return (
    <div className="flex min-w-0 items-center gap-1 max-lg:w-full">
      <div className="relative min-w-0 flex-1 lg:w-60">
        <Search aria-hidden className="pointer-events-none absolute top-1.5 left-2 size-4 text-text-3" />
        <Input
          ref={input}
          aria-label={t.search}
          placeholder={t.search}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onMove(event.shiftKey ? -1 : 1);
            if (event.key !== 'Escape') return;
            onChange('');
            event.currentTarget.blur();
          }}
          className="pr-16 pl-7"
        />
        <span aria-live="polite" className="pointer-events-none absolute top-1.5 right-2 text-xs text-text-3">
          {value && (hits === 0 ? t.noHit : t.hits(formatNumber(at + 1, lang), formatNumber(hits, lang)))}
        </span>
      </div>
      <Button variant="ghost" size="icon" aria-label={t.previous} title={t.previous} disabled={hits === 0} onClick={() => onMove(-1)}>
        <ChevronUp aria-hidden className="size-4" />
      </Button>
      <Button variant="ghost" size="icon" aria-label={t.next} title={t.next} disabled={hits === 0} onClick={() => onMove(1)}>
        <ChevronDown aria-hidden className="size-4" />
      </Button>
    </div>
  );
}
