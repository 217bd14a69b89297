'use client';

import { useQuery } from '@tanstack/react-query';
import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useSyncExternalStore } from 'react';
import { Segmented } from '@/components/segmented';
import { signOut } from '@/components/shell/user-menu';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { defineTranslations, useLang, useSetLang, useTranslations, type Lang } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { Fact, Facts } from './facts';
import { KeyLimits } from './key-limits';
import { settingsQueries } from './queries';
import { roleTranslations } from './roles';

const translations = defineTranslations(
  {
    title: 'You and this browser',
    name: 'Signed in as',
    role: 'Role',
    key: 'Key',
    limits: 'Limits',
    keyless: 'No key is needed on this machine.',
    language: 'Language',
    theme: 'Theme',
    light: 'Light',
    dark: 'Dark',
    system: 'System',
    signOut: 'Sign out',
  },
  {
    title: 'Anda dan peramban ini',
    name: 'Masuk sebagai',
    role: 'Peran',
    key: 'Kunci',
    limits: 'Batasan',
    keyless: 'Di komputer ini tidak perlu kunci.',
    language: 'Bahasa',
    theme: 'Tema',
    light: 'Terang',
    dark: 'Gelap',
    system: 'Sistem',
    signOut: 'Keluar',
  },
);

const LANGUAGES: { value: Lang; label: string }[] = [
  { value: 'id', label: 'Bahasa Indonesia' },
  { value: 'en', label: 'English' },
];
const THEMES = [
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
  { value: 'system', icon: Monitor },
] as const;

/** False while the server-rendered markup is shown: the server does not know the browser's theme. */
function useIsBrowser(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}

export function ProfileCard() {
  const t = useTranslations(translations);
  const roles = useTranslations(roleTranslations);
  const session = useSession();
  const lang = useLang();
  const setLang = useSetLang();
  const { theme, setTheme } = useTheme();
  const isBrowser = useIsBrowser();
  const { data: me } = useQuery(settingsQueries.me());
  return (
    <Card
      title={t.title}
      aside={
        !session.keyless && (
          <Button size="small" onClick={() => void signOut()}>
            <LogOut aria-hidden className="size-3.5" />
            {t.signOut}
          </Button>
        )
      }
    >
      <Facts>
        <Fact name={t.name}>
          <span className="font-medium">{session.name}</span>
        </Fact>
        <Fact name={t.role}>
          <span className="font-medium">{session.role}</span> <span className="text-text-2">{roles[session.role]}</span>
        </Fact>
        <Fact name={t.key}>
          {me?.key_id ? <code className="font-mono text-xs">{me.key_id}</code> : session.keyless ? t.keyless : '…'}
        </Fact>
        {me && me.scope.length + me.addresses.length > 0 && (
          <Fact name={t.limits}>
            <KeyLimits of={me} />
          </Fact>
        )}
        <Fact name={t.language}>
          <Segmented label={t.language} options={LANGUAGES} value={lang} onChange={setLang} />
        </Fact>
        <Fact name={t.theme}>
          <Segmented
            label={t.theme}
            options={THEMES.map(({ value, icon: Icon }) => ({
              value,
              label: (
                <>
                  <Icon aria-hidden className="size-3.5 max-sm:hidden" />
                  {t[value]}
                </>
              ),
            }))}
            value={(isBrowser ? (theme ?? 'system') : '') as (typeof THEMES)[number]['value']}
            onChange={setTheme}
          />
        </Fact>
      </Facts>
    </Card>
  );
}
