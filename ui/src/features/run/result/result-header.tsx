'use client';

import { Link } from '@/components/ui/link';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import type { RunDetail } from '@/lib/api/queries';
import { TONE_CLASS } from '@/lib/run-states';
import { summaryOf } from './summary';
import { resultTranslations } from './translations';

/** The result of a run that succeeded, in words of its job type; empty for a type that is not known here. */
export function ResultHeader({ run }: { run: RunDetail }) {
  const t = useTranslations(resultTranslations);
  const lang = useLang();
  if (run.status !== 'success') return null;
  const summary = summaryOf(run.type, run.result?.output ?? null, lang);
  if (summary === null) return null;
  const { icon: Icon, parts, detail, link } = summary;
  return (
    <section aria-label={t.title} data-result={run.type} className={cn('flex flex-wrap gap-x-3 gap-y-1 rounded-card border bg-tone-bg px-3.5 py-2.5', TONE_CLASS[summary.tone])}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" strokeWidth={2.25} />
      <div className="min-w-0 flex-1">
        <p className="text-base break-words">
          <strong className="font-semibold text-tone-text">{parts[0]}</strong>
          {parts.length > 1 && <span className="text-text"> · {parts.slice(1).join(' · ')}</span>}
        </p>
        {detail && <p className="text-sm break-words whitespace-pre-line text-text-2">{detail}</p>}
      </div>
      {link && (
        <Link href={link.href} className="text-sm text-text underline underline-offset-2">
          {t[link.label]}
        </Link>
      )}
    </section>
  );
}
