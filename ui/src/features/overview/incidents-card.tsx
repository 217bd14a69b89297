'use client';

import { IncidentRows } from '@/components/incidents/incident-row';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { useLang, useTranslations } from '@/lib/i18n';
import { useIsLimited } from '@/lib/session';
import { formatNumber } from '@/lib/time';
import { AllWell } from './all-well';
import { overviewTranslations } from './translations';
import { useOpenIncidents } from './use-open-incidents';

/** What is wrong: the open incidents, each with what ends it; if there are none, the proof that all is well. */
export function IncidentsCard() {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  // Whether all is well follows from figures of the whole deployment.
  const isLimited = useIsLimited();
  const { list, total, rows, openCount } = useOpenIncidents();
  const count = Math.max(total ?? 0, openCount);
  return (
    <Card
      title={t.incidents}
      aside={
        <Link href={count > 0 ? '/incidents' : '/incidents?tab=closed'} className="font-medium whitespace-nowrap text-text-2 hover:text-text hover:underline">
          {count > 0 ? t.allOpen(formatNumber(count, lang)) : t.allIncidents}
        </Link>
      }
    >
      <p aria-live="polite" className="sr-only">
        {list.data && t.openNow(formatNumber(count, lang), count === 1)}
      </p>
      {list.data === undefined && (list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : <SkeletonRows rows={3} />)}
      {rows.length > 0 && (
        <IncidentRows label={t.incidents} incidents={rows} />
      )}
      {list.data !== undefined && count === 0 && isLimited && <p className="px-3.5 py-3 text-text-2">{t.noneOpen}</p>}
      {list.data !== undefined && count === 0 && !isLimited && <AllWell isFollowing={rows.length > 0} />}
    </Card>
  );
}
