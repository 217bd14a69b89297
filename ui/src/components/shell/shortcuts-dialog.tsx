'use client';

import { useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { useHotkeyList } from '@/lib/hotkeys';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { groupShortcuts, type ShortcutGroup, type Shortcut } from './shortcut-groups';

const translations = defineTranslations(
  {
    title: 'Keyboard shortcuts',
    hint: 'Single keys work while you are not typing. None of them cancels or deletes anything.',
    everywhere: 'Everywhere',
    list: 'Lists',
    page: 'This page',
    palette: 'Search or run a command',
    open: 'Open the focused row',
    close: 'Close, leave a field',
    bars: 'Move between the bars of a chart',
    or: 'or',
  },
  {
    title: 'Pintasan papan ketik',
    hint: 'Tombol tunggal berlaku selama Anda tidak mengetik. Tidak ada yang membatalkan atau menghapus apa pun.',
    everywhere: 'Di mana saja',
    list: 'Daftar',
    page: 'Halaman ini',
    palette: 'Cari atau jalankan perintah',
    open: 'Buka baris yang terpilih',
    close: 'Tutup, keluar dari isian',
    bars: 'Pindah antarbatang di grafik',
    or: 'atau',
  },
);

const ORDER: readonly ShortcutGroup[] = ['page', 'list', 'everywhere'];

/** The keys that work on this page right now. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations(translations);
  const list = useHotkeyList();
  const [hotkeys] = useState(list);
  const groups = groupShortcuts(hotkeys);
  const fixed: Record<ShortcutGroup, Shortcut[]> = {
    page: [],
    list: groups.list.length > 0 ? [{ keys: 'Enter', label: t.open }] : [],
    everywhere: [
      { keys: 'Ctrl K|⌘ K', label: t.palette },
      { keys: 'Esc', label: t.close },
      { keys: '←|→', label: t.bars },
    ],
  };
  return (
    <Dialog onClose={onClose} title={t.title} description={t.hint}>
      <div className="grid gap-4">
        {ORDER.map((group) => {
          const shown = [...groups[group], ...fixed[group]];
          if (shown.length === 0) return null;
          return (
            <section key={group}>
              <h3 className="pb-1 text-xs font-medium text-text-3">{t[group]}</h3>
              <dl className="grid">
                {shown.map(({ keys, label }) => (
                  <div key={keys} className="flex min-h-8 items-center gap-3 border-b last:border-b-0">
                    <dt className="min-w-0 flex-1">{label}</dt>
                    <dd className="flex shrink-0 items-center gap-1 text-xs text-text-3">
                      {keys.split('|').map((key, index) => (
                        <span key={key} className="flex items-center gap-1">
                          {index > 0 && t.or}
                          <kbd className="rounded-[4px] border bg-raised px-1.5 font-sans text-xs leading-5 font-medium text-text">{key}</kbd>
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
