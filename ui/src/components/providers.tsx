'use client';

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useState, type ReactNode } from 'react';
import { Toasts } from '@/components/toasts';
import { toApiError } from '@/lib/api';
import { HotkeyProvider } from '@/lib/hotkeys';
import { LanguageProvider, type Lang } from '@/lib/i18n';
import { NowProvider } from '@/lib/now';
import { leaveIfSignedOut } from '@/lib/sign-in';

const RETRIES = 1;

function makeClient(): QueryClient {
  const onError = (error: unknown) => void leaveIfSignedOut(error);
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // What is asked is next to us or on this machine: no matter whether there is a way to the internet.
        networkMode: 'always',
        // The live stream says what is stale; a mount alone is no reason to read again.
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < RETRIES && toApiError(error).isOutage,
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** What every page stands in, signed in or not. */
export function Providers({ lang, now, nonce, children }: { lang: Lang; now: number; nonce: string; children: ReactNode }) {
  const [client] = useState(makeClient);
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" disableTransitionOnChange nonce={nonce}>
      <LanguageProvider initial={lang}>
        <NowProvider serverNow={now}>
          <NuqsAdapter>
            <QueryClientProvider client={client}>
              <HotkeyProvider>{children}</HotkeyProvider>
              <Toasts />
            </QueryClientProvider>
          </NuqsAdapter>
        </NowProvider>
      </LanguageProvider>
    </ThemeProvider>
  );
}
