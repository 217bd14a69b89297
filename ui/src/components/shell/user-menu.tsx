'use client';

import { Check, CircleUser, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { Popover, PopoverItem } from '@/components/ui/popover';
import { WRITE_HEADERS, fetchInTime } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';

const translations = defineTranslations(
  { menu: 'Account and theme', light: 'Light', dark: 'Dark', system: 'As the system', signOut: 'Sign out', theme: 'Theme', keyless: 'No key needed on this machine' },
  { menu: 'Akun dan tema', light: 'Terang', dark: 'Gelap', system: 'Ikuti sistem', signOut: 'Keluar', theme: 'Tema', keyless: 'Tanpa kunci di komputer ini' },
);

const THEMES = [
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
  { value: 'system', icon: Monitor },
] as const;

/** End the session and load the sign-in page from scratch, so that nothing of the session stays in memory. */
export async function signOut(): Promise<void> {
  const answer = await fetchInTime('/session', { method: 'DELETE', headers: WRITE_HEADERS });
  window.location.replace(answer.ok ? '/sign-in' : '/sign-in?kept=1');
}

export function UserMenu() {
  const t = useTranslations(translations);
  const { theme, setTheme } = useTheme();
  const session = useSession();
  return (
    <Popover label={t.menu} trigger={<CircleUser aria-hidden className="size-4" />} className="w-56">
      <p className="px-2 pt-1 text-sm font-medium">{session.name}</p>
      <p className="px-2 pb-1.5 text-xs text-text-3">{session.keyless ? t.keyless : session.role}</p>
      <p className="border-t px-2 pt-2 pb-1 text-2xs text-text-3">{t.theme}</p>
      {THEMES.map(({ value, icon: Icon }) => (
        <PopoverItem key={value} aria-pressed={theme === value} onClick={() => setTheme(value)}>
          <Icon aria-hidden className="size-3.5 text-text-3" />
          {t[value]}
          {theme === value && <Check aria-hidden className="ml-auto size-3.5" />}
        </PopoverItem>
      ))}
      {!session.keyless && (
        <div className="mt-1 border-t pt-1">
          <PopoverItem onClick={() => void signOut()}>
            <LogOut aria-hidden className="size-3.5 text-text-3" />
            {t.signOut}
          </PopoverItem>
        </div>
      )}
    </Popover>
  );
}
