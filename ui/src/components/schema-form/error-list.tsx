'use client';

import { TriangleAlert } from 'lucide-react';
import { useTranslations } from '@/lib/i18n';
import type { FieldErrors } from './errors';
import { formTranslations } from './translations';

/** Errors that no field shows, each with its pointer. */
export function ErrorList({ errors }: { errors: FieldErrors }) {
  const t = useTranslations(formTranslations);
  const list = Object.entries(errors);
  if (list.length === 0) return null;
  return (
    <div role="alert" className="flex gap-2 rounded-card border bg-tone-bg px-3 py-2 text-sm text-tone-text tone-fail">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <p className="font-medium">{t.elsewhere}</p>
        <ul>
          {list.map(([pointer, message]) => (
            <li key={pointer} className="break-words">
              {pointer && <code className="mr-1.5 font-mono text-xs">{pointer}</code>}
              {message}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
