import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from '@/components/providers';
import { ReloadScript } from '@/components/reload-script';
import { preferredLang, preferredTimes, renderTimeMs } from '@/server/preferences';
import '@/styles/globals.css';
import { mono, sans } from './fonts';

export const metadata: Metadata = {
  title: { default: 'multi-job', template: '%s · multi-job' },
  description: 'Multi-Job Platform: jobs that run on time, once, and show what happened.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const lang = await preferredLang();
  const nonce = (await headers()).get('x-nonce') ?? '';
  return (
    <html lang={lang} className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        <ReloadScript nonce={nonce} />
      </head>
      <body>
        <Providers lang={lang} times={await preferredTimes()} now={renderTimeMs()} nonce={nonce}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
