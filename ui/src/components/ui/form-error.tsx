'use client';

import { TriangleAlert } from 'lucide-react';
import type { ApiError } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { CopyButton } from './copy-button';

const translations = defineTranslations(
  { marked: 'Not saved yet: correct the marked fields above.', trace: 'Trace id' },
  { marked: 'Belum disimpan: perbaiki isian yang ditandai di atas.', trace: 'Id jejak' },
);

type Props = {
  error: ApiError | null;
  /** JSON pointers of the fields that show their own errors, and everything below them. */
  shownAt?: readonly string[];
};

/** Why the API refused a form: title, detail, fields without their own message, trace id. */
export function FormError({ error, shownAt = [] }: Props) {
  const t = useTranslations(translations);
  if (error === null) return null;
  const others = error.fields.filter(({ pointer }) => !shownAt.some((each) => `${pointer}/`.startsWith(`${each}/`)));
  if (error.fields.length > 0 && others.length === 0) {
    return (
      <p role="alert" className="text-xs text-tone-text tone-fail">
        {t.marked}
      </p>
    );
  }
  return (
    <div role="alert" className="flex gap-2 rounded-control border bg-tone-bg px-3 py-2 text-sm text-tone-text tone-fail">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
      <div className="min-w-0 break-words">
        <p className="font-semibold">{error.title}</p>
        {error.fields.length === 0 && <p>{error.detail}</p>}
        {others.map(({ pointer, message }) => (
          <p key={pointer}>
            <code className="font-mono text-xs">{pointer}</code>: {message}
          </p>
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
