'use client';

import type { RefObject } from 'react';
import { useHotkey } from '@/lib/hotkeys';
import { defineTranslations, useTranslations } from '@/lib/i18n';

const translations = defineTranslations(
  { next: 'Next row', previous: 'Previous row', select: 'Select the row' },
  { next: 'Baris berikutnya', previous: 'Baris sebelumnya', select: 'Pilih baris' },
);

type Options = {
  body: RefObject<HTMLElement | null>;
  count: number;
  scrollTo: (index: number) => void;
  toggle?: (index: number) => void;
};

/**
 * `j` and `k` move the focus between rows, `x` selects. Enter works without code: it follows the focused row's link.
 */
export function useRowHotkeys({ body, count, scrollTo, toggle }: Options): void {
  const t = useTranslations(translations);
  const current = () => {
    const row = document.activeElement?.closest<HTMLElement>('[role=row][data-index]');
    return row && body.current?.contains(row) ? Number(row.dataset.index) : -1;
  };
  const focus = (index: number) => {
    const to = Math.max(0, Math.min(count - 1, index));
    scrollTo(to);
    // A row that was out of sight is drawn first.
    requestAnimationFrame(() => {
      const row = body.current?.querySelector<HTMLElement>(`[data-index="${to}"]`);
      row?.querySelector<HTMLElement>('a[href], button')?.focus({ preventScroll: false });
    });
  };
  const isActive = count > 0;
  useHotkey('j', t.next, () => focus(current() + 1), isActive);
  useHotkey('k', t.previous, () => focus(current() - 1), isActive);
  useHotkey('x', t.select, () => current() >= 0 && toggle?.(current()), isActive && toggle !== undefined);
}
