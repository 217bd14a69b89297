'use client';

import { useEffect, useRef, useState } from 'react';
import { Brand } from '@/components/shell/brand';
import { Link } from '@/components/ui/link';
import { Command } from '@/components/ui/states';
import { toApiError, type ApiError } from '@/lib/api/client';
import { signIn } from '@/lib/api/sign-in';
import { useTranslations } from '@/lib/i18n';
import { translations } from './translations';

/** The page of a sign-in link. The code is behind `#`, so that no server and no log sees it in an address. */
export function OpenPage({ command }: { command: string }) {
  const t = useTranslations(translations);
  const [error, setError] = useState<ApiError | 'no-code' | null>(null);
  const hasBegun = useRef(false);

  // Another link in the same tab changes only what is behind `#`, which loads nothing.
  useEffect(() => {
    const reload = () => window.location.reload();
    window.addEventListener('hashchange', reload);
    return () => window.removeEventListener('hashchange', reload);
  }, []);

  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    const code = window.location.hash.slice(1);
    // The code is used up by the first attempt: it does not stay in the address or in the history.
    window.history.replaceState(null, '', window.location.pathname);
    const open = async () => {
      if (code === '') return setError('no-code');
      try {
        await signIn({ code });
        window.location.replace('/');
      } catch (failure) {
        setError(toApiError(failure));
      }
    };
    void open();
  }, []);

  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-12 items-center border-b px-4 lg:px-6">
        <Brand />
      </header>
      <main className="mx-auto grid w-full max-w-[420px] flex-1 content-start gap-4 px-4 pt-[12vh] pb-10">
        <h1 className="text-title font-semibold tracking-tight">{t.title}</h1>
        {error === null ? (
          <p role="status" className="text-sm text-text-2">
            {t.opening}
          </p>
        ) : (
          <div role="alert" className="grid justify-items-start gap-2 text-sm text-text-2">
            <p>{reasonOf(error, t)}</p>
            <p>{t.newLink}</p>
            <Command text={command} />
            <Link href="/sign-in" className="underline">
              {t.withKey}
            </Link>
          </div>
        )}
      </main>
    </div>
  );
}

function reasonOf(error: ApiError | 'no-code', t: (typeof translations)['en']): string {
  if (error === 'no-code') return t.noCode;
  return error.isOutage ? t.away : error.detail || error.title;
}
