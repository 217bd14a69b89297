'use client';

import { Menu, Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { defineTranslations, useLang, useSetLang, useTranslations } from '@/lib/i18n';
import { AuthOffBar } from './auth-off-bar';
import { Breadcrumbs } from './breadcrumbs';
import { LiveBadge } from './live-badge';
import { OutageBar } from './outage-bar';
import { PauseBar } from './pause-bar';
import { UserMenu } from './user-menu';

// Dialogs are not part of a first paint.
const MobileNav = dynamic(() => import('./mobile-nav').then((module) => module.MobileNav), { ssr: false });

const translations = defineTranslations(
  { menu: 'Menu', search: 'Search or run a command', language: 'Bahasa Indonesia' },
  { menu: 'Menu', search: 'Cari atau jalankan perintah', language: 'English' },
);

export function TopBar({ onSearch }: { onSearch: () => void }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const setLang = useSetLang();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const header = useRef<HTMLElement>(null);
  // Bars of an outage or a pause make it higher: what sticks below it follows.
  useEffect(() => {
    const element = header.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => document.documentElement.style.setProperty('--top-bar', `${element.offsetHeight}px`));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <header ref={header} className="sticky top-0 z-30 bg-canvas">
      <div className="flex h-12 items-center gap-2 border-b px-4 lg:gap-3 lg:px-6">
        <Button variant="ghost" size="icon" aria-label={t.menu} onClick={() => setMenuOpen(true)} className="lg:hidden">
          <Menu aria-hidden className="size-4" />
        </Button>
        <Breadcrumbs />
        <div className="ml-auto flex shrink-0 items-center gap-1.5 lg:gap-2.5">
          <LiveBadge />
          <Button onClick={onSearch} aria-label={t.search} className="max-lg:px-1.5 lg:min-w-52 lg:justify-start lg:font-normal lg:text-text-3">
            <Search aria-hidden className="size-4 lg:hidden" />
            <span className="hidden lg:inline">{t.search}</span>
            <span className="ml-auto hidden lg:inline">
              <Kbd>Ctrl K</Kbd>
            </span>
          </Button>
          <Button
            onClick={() => setLang(lang === 'id' ? 'en' : 'id')}
            aria-label={t.language}
            title={t.language}
            className="px-2"
          >
            {lang.toUpperCase()}
          </Button>
          <UserMenu />
        </div>
      </div>
      <AuthOffBar />
      <OutageBar />
      <PauseBar />
      {isMenuOpen && <MobileNav onClose={() => setMenuOpen(false)} />}
    </header>
  );
}
