'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useCallback, useState, type ReactNode } from 'react';
import { LazyToaster } from '@/components/lazy-toaster';
import { HotkeyProvider } from '@/lib/hotkeys';
import { LanguageProvider, type Lang } from '@/lib/i18n';
import { NowProvider } from '@/lib/now';
import { createQueryClient } from '@/lib/api/query-client';
import { TimesProvider } from '@/lib/time/times';
import type { Times } from '@/lib/time/times-cookie';

type Props = { lang: Lang; times: Times; now: number; nonce: string; children: ReactNode };

/** The providers around every page, signed in or not. */
export function Providers({ lang, times, now, nonce, children }: Props) {
  const [client] = useState(createQueryClient);
  const readAgain = useCallback(() => void client.invalidateQueries(), [client]);
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" disableTransitionOnChange nonce={nonce}>
      <LanguageProvider initial={lang} onSwitch={readAgain}>
        <TimesProvider initial={times}>
          <NowProvider serverNow={now}>
            <NuqsAdapter>
              <QueryClientProvider client={client}>
                <HotkeyProvider>{children}</HotkeyProvider>
                <LazyToaster />
              </QueryClientProvider>
            </NuqsAdapter>
          </NowProvider>
        </TimesProvider>
      </LanguageProvider>
    </ThemeProvider>
  );
}
