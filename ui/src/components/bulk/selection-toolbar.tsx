'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';

const translations = defineTranslations(
  { selected: (n: string) => `${n} selected`, unselect: 'Clear selection' },
  { selected: (n: string) => `${n} dipilih`, unselect: 'Hapus pilihan' },
);

type Props = {
  count: number;
  /** Replaces the number of selected rows. */
  label?: string;
  className?: string;
  onClear: () => void;
  /** Controls on the left, after "Clear selection". */
  extra?: ReactNode;
  /** Buttons of the actions, on the right. */
  children: ReactNode;
};

/** The toolbar above a list with selected rows: how many, "Clear selection", and the actions. */
export function SelectionToolbar({ count, label, className, onClear, extra, children }: Props) {
  const t = useTranslations(translations);
  const selected = t.selected(formatNumber(count, useLang()));
  return (
    <div role="toolbar" aria-label={selected} className={cn('flex flex-wrap items-center gap-2 border-b bg-raised px-3.5 py-1.5', className)}>
      <span className="text-sm font-medium">{label ?? selected}</span>
      <Button size="small" variant="ghost" onClick={onClear}>
        {t.unselect}
      </Button>
      {extra}
      <span className="ml-auto flex flex-wrap gap-2">{children}</span>
    </div>
  );
}
