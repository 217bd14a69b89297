'use client';

import { KeyRound, TriangleAlert } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { Brand } from '@/components/shell/brand';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Command, STATUS_COMMAND } from '@/components/ui/states';
import { toApiError, type ApiError } from '@/lib/api/client';
import { useLang, useSetLang, useTranslations } from '@/lib/i18n';
import { signIn } from '@/lib/api/sign-in';
import { translations } from './translations';

const DEFAULT_WAIT_SEC = 10;

type Props = {
  next: string;
  hasEnded: boolean;
  isKept: boolean;
  /** The command that gives a link to sign in. */
  command: string;
};

export function SignInPage({ next, hasEnded, isKept, command }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  const setLang = useSetLang();
  const [key, setKey] = useState('');
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    setError(null);
    try {
      await signIn({ key });
      // A full page load drops everything that was read before the sign-in.
      window.location.replace(next);
    } catch (failure) {
      setError(toApiError(failure));
      setPending(false);
    }
  };

  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-12 items-center justify-between border-b px-4 lg:px-6">
        <Brand />
        <Button onClick={() => setLang(lang === 'id' ? 'en' : 'id')} aria-label={t.language} title={t.language} className="px-2">
          {lang.toUpperCase()}
        </Button>
      </header>
      <main className="mx-auto grid w-full max-w-[420px] flex-1 content-start gap-5 px-4 pt-[12vh] pb-10">
        <div className="grid gap-1.5">
          <h1 className="text-title font-semibold tracking-tight">{t.title}</h1>
          <p className="text-sm text-text-2">{t.lead}</p>
        </div>
        {(hasEnded || isKept) && !error && (
          <p role="status" className="flex gap-2 rounded-card border bg-tone-bg px-3 py-2 text-sm text-tone-text tone-retry">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
            {isKept ? t.kept : t.ended}
          </p>
        )}
        {/* Without a name the field can never become part of a URL. */}
        <form method="post" onSubmit={(event) => void submit(event)} className="grid gap-3 rounded-card border bg-surface p-4">
          <input type="text" autoComplete="username" readOnly value="multi-job" tabIndex={-1} aria-hidden className="sr-only" />
          <Field label={t.key} error={error ? <Refusal error={error} /> : undefined}>
            {(ids) => (
              <Input
                {...ids}
                type="password"
                autoComplete="current-password"
                autoFocus
                required
                spellCheck={false}
                maxLength={200}
                placeholder="mj_…"
                value={key}
                onChange={(event) => setKey(event.target.value)}
                className="h-9 font-mono"
              />
            )}
          </Field>
          <Button type="submit" variant="primary" pending={isPending} disabled={key.trim() === ''} className="h-9">
            {!isPending && <KeyRound aria-hidden className="size-3.5" />}
            {t.signIn}
          </Button>
        </form>
        <div className="grid justify-items-start gap-2 text-xs text-text-2">
          <p>{t.how}</p>
          <Command text={command} />
          <p>{t.lasting}</p>
          <Command text={command.replace(/open$/, 'keys create NAME --role admin')} />
          <p className="text-text-3">{t.roles}</p>
        </div>
      </main>
    </div>
  );
}

/** The reason of a refused sign-in. */
function Refusal({ error }: { error: ApiError }) {
  const t = useTranslations(translations);
  if (error.isOutage) {
    return (
      <span role="alert" className="grid justify-items-start gap-1">
        {t.away}
        <Command text={STATUS_COMMAND} />
      </span>
    );
  }
  const messages: Partial<Record<number, string>> = {
    401: error.detail,
    422: t.noKey,
    429: t.tooMany(error.retryAfterSec ?? DEFAULT_WAIT_SEC),
  };
  return <span role="alert">{messages[error.status] ?? t.failed(error.title, error.detail)}</span>;
}
