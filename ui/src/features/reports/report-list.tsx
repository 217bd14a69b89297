'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { RelativeTime } from '@/components/time';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState, QueryPlaceholder } from '@/components/ui/states';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { formatBytes, formatMoment } from '@/lib/time';
import { reportList } from './queries';
import { ReportViewer } from './report-viewer';
import { reportTranslations } from './translations';

/** The list of reports and the open one; narrow screens show one of them. */
export function ReportList() {
  const t = useTranslations(reportTranslations);
  const lang = useLang();
  const { timezone } = useSession();
  const [id, setId] = useQueryState('id', parseAsString.withOptions({ history: 'push' }));
  const query = useInfiniteQuery(reportList());
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (!data) return <Card><QueryPlaceholder query={query} /></Card>;
  const reports = data.pages.flatMap((page) => page.items);
  const newest = reports[0];
  if (newest === undefined) {
    return (
      <Card>
        <EmptyState icon={FileText} title={t.none}>
          <p>{t.noneHint}</p>
          <p className="font-medium text-text">“{t.sentence}”</p>
          <ButtonLink variant="primary" href={`/plan?prompt=${encodeURIComponent(t.sentence)}`}>
            {t.plan}
          </ButtonLink>
        </EmptyState>
      </Card>
    );
  }
  // On a wide screen the newest one is open from the start.
  const shown = reports.find((report) => report.id === id) ?? newest;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[280px_minmax(0,1fr)]">
      <Card className={cn(id !== null && 'max-lg:hidden')}>
        <ul aria-label={t.list}>
          {reports.map((report) => (
            <li key={report.id} className="border-b last:border-0">
              <button
                type="button"
                aria-current={report.id === shown.id ? 'true' : undefined}
                onClick={() => void setId(report.id)}
                className="grid w-full gap-0.5 px-3.5 py-2.5 text-left hover:bg-hover aria-[current]:lg:bg-selected"
              >
                <span className="flex items-baseline gap-2">
                  <span className="truncate font-medium">{report.job_id}</span>
                  <RelativeTime isInControl at={report.created_at} className="ml-auto shrink-0 text-xs text-text-2" />
                </span>
                <span className="flex gap-2 text-xs text-text-2">
                  <span className="truncate">{formatMoment(report.created_at, timezone, lang)}</span>
                  <span className="ml-auto shrink-0">{formatBytes(report.bytes, lang)}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        {hasNextPage && (
          <div className="border-t p-2 text-center">
            <Button variant="ghost" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t.more}
            </Button>
          </div>
        )}
      </Card>
      <div className={cn('min-w-0', id === null && 'max-lg:hidden')}>
        <ReportViewer key={shown.id} report={shown} onBack={() => void setId(null)} />
      </div>
    </div>
  );
}
