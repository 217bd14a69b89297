'use client';

import { CopyButton } from '@/components/ui/copy-button';
import type { ApiError } from '@/lib/api/client';
import { defineTranslations, inLanguage, useLang, useTranslations } from '@/lib/i18n';

const translations = defineTranslations(
  { marked: 'Not saved yet: what is marked above does not fit.' },
  { marked: 'Belum disimpan: isian yang ditandai di atas belum sesuai.' },
);

type Props = {
  error: ApiError | null;
  /** Pointers that stand at fields of the form, and all below them. */
  atFields?: readonly string[];
};

/** Why something was not done: title, detail and trace id, read out as it appears. */
export function FormProblem({ error, atFields = [] }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  if (error === null) return null;
  const others = error.fields.filter(({ pointer }) => !atFields.some((each) => `${pointer}/`.startsWith(`${each}/`)));
  if (error.fields.length > 0 && others.length === 0) {
    return (
      <p role="alert" className="text-xs text-tone-text tone-fail">
        {t.marked}
      </p>
    );
  }
  return (
    <div role="alert" className="grid gap-0.5 rounded-control bg-tone-bg px-2.5 py-2 text-xs text-tone-text tone-fail">
      <p className="font-medium">{error.title}</p>
      {error.fields.length === 0 && <p className="break-words">{inLanguage(error.detail, lang)}</p>}
      {others.map(({ pointer, message }) => (
        <p key={pointer} className="break-words">
          <code className="font-mono">{pointer}</code>: {inLanguage(message, lang)}
        </p>
      ))}
      {error.traceId && (
        <p className="flex items-center gap-1 font-mono">
          {error.traceId}
          <CopyButton text={error.traceId} />
        </p>
      )}
    </div>
  );
}
