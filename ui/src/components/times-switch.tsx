'use client';

import { Clock } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useTimes } from '@/lib/time/times';

const translations = defineTranslations({ exact: 'Exact times' }, { exact: 'Waktu persis' });

/** Switches all lists between "5m ago" and the time of day. */
export function TimesSwitch({ className }: { className?: string }) {
  const t = useTranslations(translations);
  const { times, setTimes } = useTimes();
  const isExact = times === 'exact';
  return (
    <Button
      variant="ghost"
      aria-pressed={isExact}
      title={t.exact}
      onClick={() => setTimes(isExact ? 'relative' : 'exact')}
      className={cn(isExact && 'bg-selected', className)}
    >
      <Clock aria-hidden className="size-3.5" />
      <span className="max-sm:sr-only">{t.exact}</span>
    </Button>
  );
}
