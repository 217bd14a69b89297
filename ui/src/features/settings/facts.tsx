'use client';

import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import type { ApiError } from '@/lib/api/client';
import { defineTranslations, inLanguage, useLang, useTranslations } from '@/lib/i18n';

const translations = defineTranslations({ trace: 'Trace id' }, { trace: 'Id jejak' });

/** Facts of a card: a name and its value a row. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-4 gap-y-2 px-3.5 py-3 text-sm">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-xs leading-5 text-text-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

/** Why the server refused, inside of the dialog that asked it. */
export function FormError({ error }: { error: ApiError | null }) {
  const t = useTranslations(translations);
  const lang = useLang();
  if (error === null) return null;
  const messages = error.fields.length > 0 ? error.fields.map((field) => inLanguage(field.message, lang)) : [inLanguage(error.detail, lang)];
  return (
    <div role="alert" className="flex gap-2 rounded-control border bg-tone-bg px-3 py-2 text-sm text-tone-text tone-fail">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
      <div className="min-w-0 break-words">
        <p className="font-semibold">{error.title}</p>
        {messages.map((text) => (
          <p key={text}>{text}</p>
        ))}
        {error.traceId && (
          <p className="flex items-center gap-1 text-xs">
            {t.trace} <code className="font-mono break-all">{error.traceId}</code>
            <CopyButton text={error.traceId} />
          </p>
        )}
      </div>
    </div>
  );
}
