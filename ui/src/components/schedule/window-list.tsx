'use client';

import { Plus, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import { readWindow, writeWindow, type Window } from './skip-model';
import { skipTranslations } from './skip-translations';

const NIGHT = '22:00-06:00';

type Props = { value: readonly string[]; onValue: (windows: string[]) => void; error?: string };

/** Times of day, each with its start and its end; one may pass midnight. */
export function WindowList({ value, onValue, error }: Props) {
  const t = useTranslations(skipTranslations);
  const change = (at: number, window: Window) => {
    if (window.from && window.to) onValue(value.map((each, index) => (index === at ? writeWindow(window) : each)));
  };
  return (
    <div role="group" aria-label={t.windows} className="grid justify-items-start gap-1.5">
      <span className="text-xs font-medium text-text-2">{t.windows}</span>
      {value.map((text, at) => {
        const window = readWindow(text);
        const n = String(at + 1);
        return (
          <span key={at} className="flex flex-wrap items-center gap-2 text-sm">
            <TimeOfDay label={t.fromOf(n)} value={window.from} onValue={(from) => change(at, { ...window, from })} />
            {t.until}
            <TimeOfDay label={t.untilOf(n)} value={window.to} onValue={(to) => change(at, { ...window, to })} />
            <Button variant="ghost" size="icon" aria-label={t.remove(text)} onClick={() => onValue(value.filter((_, index) => index !== at))}>
              <X aria-hidden className="size-3.5" />
            </Button>
          </span>
        );
      })}
      <Button size="small" onClick={() => onValue([...value, NIGHT])}>
        <Plus aria-hidden className="size-3" />
        {t.addWindow}
      </Button>
      {error && <p className="text-xs text-tone-text tone-fail">{error}</p>}
    </div>
  );
}

function TimeOfDay({ label, value, onValue }: { label: string; value: string; onValue: (value: string) => void }) {
  return (
    <span className="w-30">
      <Input type="time" required aria-label={label} value={value} onChange={(event) => onValue(event.target.value)} />
    </span>
  );
}
