'use client';

import { Cable, Clock, Keyboard, Languages, LogOut, Monitor, Moon, Pause, Play, Plus, Sun, type LucideIcon } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useLang, useSetLang, useTranslations } from '@/lib/i18n';
import { useLive } from '@/lib/live/provider';
import { useCan, useSession } from '@/lib/session';
import { useTimes } from '@/lib/time/times';
import { NAV, navTranslations } from '../nav';
import { paletteTranslations } from './translations';
import { signOut } from '../user-menu';

/** A fixed item of the palette: a page or an action. */
export type Command = { id: string; icon: LucideIcon; label: string; also?: string; run: () => void };

/** The pages and actions that the user's role allows. */
export function useCommands(go: (href: string) => void, onKeys: () => void): { pages: Command[]; actions: Command[] } {
  const t = useTranslations(paletteTranslations);
  const places = useTranslations(navTranslations);
  const lang = useLang();
  const setLang = useSetLang();
  const { setTheme } = useTheme();
  const live = useLive();
  const { keyless } = useSession();
  const may = { none: true, metrics: true, viewer: true, operator: useCan('operator'), admin: useCan('admin') };
  const { times, setTimes } = useTimes();
  const isExact = times === 'exact';
  const isPaused = live.state === 'paused';

  const pages = NAV.flatMap((group) => group.items)
    .filter((item) => may[item.role ?? 'viewer'])
    .map(({ href, icon, word }) => ({
      id: `page:${href}`,
      icon,
      label: places[word],
      also: `${navTranslations.en[word]} ${navTranslations.id[word]}`,
      run: () => go(href),
    }));
  const actions: Command[] = [
    ...(may.operator ? [{ id: 'new-job', icon: Plus, label: t.newJob, run: () => go('/jobs/new') }] : []),
    ...(may.admin ? [{ id: 'connect', icon: Cable, label: t.connect, run: () => go('/connectors?connect=new') }] : []),
    { id: 'live', icon: isPaused ? Play : Pause, label: isPaused ? t.resume : t.pause, run: isPaused ? live.resume : live.pause },
    { id: 'language', icon: Languages, label: t.language, also: 'language bahasa', run: () => setLang(lang === 'id' ? 'en' : 'id') },
    { id: 'light', icon: Sun, label: t.light, run: () => setTheme('light') },
    { id: 'dark', icon: Moon, label: t.dark, run: () => setTheme('dark') },
    { id: 'system', icon: Monitor, label: t.system, run: () => setTheme('system') },
    isExact
      ? { id: 'relative-times', icon: Clock, label: t.relativeTimes, run: () => setTimes('relative') }
      : { id: 'exact-times', icon: Clock, label: t.exactTimes, run: () => setTimes('exact') },
    { id: 'keys', icon: Keyboard, label: t.keys, run: onKeys },
    ...(keyless ? [] : [{ id: 'sign-out', icon: LogOut, label: t.signOut, run: () => void signOut() }]),
  ];
  return { pages, actions };
}
