'use client';

import { useQuery } from '@tanstack/react-query';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { useSession } from '@/lib/session';
import { formatMoment, formatNumber } from '@/lib/time';
import { runsTranslations } from './translations';

/** The retention limits, and the time up to which runs were removed: counts on this page are of stored runs only. */
export function RetentionNote() {
  const t = useTranslations(runsTranslations);
  const lang = useLang();
  const { timezone } = useSession();
  const counts = useQuery(queries.runCounts()).data;
  if (!counts) return null;
  const { kept, removed_until: removedUntil } = counts;
  const number = (value: number) => formatNumber(value, lang);
  return (
    <p className="mt-3 text-xs text-text-3">
      {t.kept(number(kept.days), number(kept.failed_days), number(kept.runs_per_job))}
      {removedUntil !== null && ` ${t.removed(formatMoment(removedUntil, timezone, lang))}`}
    </p>
  );
}
