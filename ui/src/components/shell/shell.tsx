'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useState, type ReactNode } from 'react';
import { useHotkey } from '@/lib/hotkeys';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useRecordJobs } from './palette/recent-jobs';
import { requestNavigation } from '@/lib/navigation-guard';
import { useStaleSince } from '@/lib/live/provider';
import { useCan } from '@/lib/session';
import { useRecoverSession } from './recover-session';
import { Sidebar } from './sidebar';
import { TopBar } from './top-bar';

const translations = defineTranslations(
  { skip: 'Skip to the content', palette: 'Search or run a command', keys: 'Keyboard shortcuts', create: 'New job' },
  { skip: 'Langsung ke isi', palette: 'Cari atau jalankan perintah', keys: 'Pintasan papan ketik', create: 'Job baru' },
);

// Not part of a first paint. It loads when the page is idle, so that an early key press is not lost.
const PRELOAD_DELAY_MS = 2_000;
const readPalette = () => import('./palette/palette');
const Palette = dynamic(() => readPalette().then((module) => module.Palette), { ssr: false });
const ShortcutsDialog = dynamic(() => import('./shortcuts-dialog').then((module) => module.ShortcutsDialog), { ssr: false });

/** The frame of every page: navigation, live state, palette and keyboard shortcuts. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useTranslations(translations);
  const router = useRouter();
  const canWork = useCan('operator');
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  const isStale = useStaleSince() !== null;
  useRecordJobs();
  useRecoverSession();
  useHotkey('?', t.keys, () => setOpen('keys'));
  useHotkey('c', t.create, () => requestNavigation(() => router.push('/jobs/new')), canWork);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const rest = () => {
      timer = setTimeout(() => void readPalette(), PRELOAD_DELAY_MS);
    };
    if (document.readyState === 'complete') rest();
    else window.addEventListener('load', rest, { once: true });
    return () => {
      window.removeEventListener('load', rest);
      clearTimeout(timer);
    };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((now) => (now === 'palette' ? null : 'palette'));
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className="flex min-h-dvh">
      <a href="#main" className="sr-only z-50 rounded-control bg-ink px-3 py-1 text-on-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        {t.skip}
      </a>
      <Sidebar />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar onSearch={() => setOpen('palette')} />
        <main id="main" tabIndex={-1} data-stale={isStale || undefined} className="min-w-0 flex-1 px-4 pt-5 pb-10 outline-none lg:px-6">
          {children}
        </main>
      </div>
      {open === 'palette' && <Palette onClose={() => setOpen(null)} onKeys={() => setOpen('keys')} />}
      {open === 'keys' && <ShortcutsDialog onClose={() => setOpen(null)} />}
    </div>
  );
}
