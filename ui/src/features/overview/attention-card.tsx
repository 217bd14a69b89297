'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleDashed } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { useUnknownText } from '@/components/unknown-badge';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useStaleSince } from '@/lib/live/provider';
import { useNow } from '@/lib/now';
import { queries, type Job } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import { attentionOf } from './attention';
import { AttentionRow } from './attention-row';
import { overviewTranslations } from './translations';

const MAX_ROWS = 5;
const NO_JOBS: readonly Job[] = [];

/** Problems that need a person, each with the button that solves it or opens it. */
export function AttentionCard() {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const now = useNow();
  const [isWhole, setWhole] = useState(false);
  const readiness = useQuery(queries.readiness());
  const queue = useQuery(queries.queue());
  const connectors = useQuery(queries.connectors());
  const letters = useInfiniteQuery(queries.deadLetters());
  const jobList = useInfiniteQuery(queries.jobs());
  const monitorList = useInfiniteQuery(queries.jobs({ type: 'monitor.channel' }));
  const jobs = jobList.data;
  const monitors = monitorList.data;
  const watched = useMemo(() => {
    const all = [jobs, monitors].flatMap((pages) => pages?.pages.flatMap((page) => page.items) ?? NO_JOBS);
    return [...new Map(all.map((job) => [job.job_id, job])).values()];
  }, [jobs, monitors]);

  // All reads succeeded: a missing part could contain a problem.
  const isKnown = readiness.data && queue.data && letters.data && connectors.data && jobs && monitors;
  const found = attentionOf({
    checks: readiness.data?.checks,
    paused: queue.data?.paused ?? [],
    groups: letters.data?.pages.flatMap((page) => page.items) ?? [],
    channels: connectors.data,
    jobs: watched,
    now,
  });
  const reads = [readiness, queue, letters, connectors, jobList, monitorList];
  const failed = reads.find((each) => each.isError && !each.data);
  const shown = isWhole ? found : found.slice(0, MAX_ROWS);
  const rest = found.length - MAX_ROWS;
  return (
    <Card title={t.attention} aside={found.length > 0 ? formatNumber(found.length, lang) : undefined} className="flex flex-col">
      {found.length === 0 && !isKnown && !failed && <SkeletonRows rows={3} />}
      {failed && <ErrorState error={failed.error} onRetry={() => reads.forEach((each) => void each.refetch())} />}
      {found.length === 0 && isKnown && <AllClear />}
      {found.length > 0 && (
        <ul className="flex-1">
          {shown.map((each) => (
            <AttentionRow key={each.key} item={each} now={now} />
          ))}
        </ul>
      )}
      {rest > 0 && (
        <Button variant="ghost" size="small" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)} className="m-1.5 self-center">
          {isWhole ? t.less : t.more(formatNumber(rest, lang))}
        </Button>
      )}
    </Card>
  );
}

/** No problem was found; during an outage that is the past. */
function AllClear() {
  const t = useTranslations(overviewTranslations);
  const since = useStaleSince();
  const unknown = useUnknownText(since ?? 0);
  const Icon = since === null ? CircleCheck : CircleDashed;
  return (
    <div data-calm={since === null} className="grid flex-1 content-center justify-items-center gap-1 px-6 py-8 text-center">
      <Icon aria-hidden className={cn('mb-1 size-6 text-tone', since === null ? 'tone-ok' : 'tone-neutral')} strokeWidth={1.5} />
      <p className="font-medium">{since === null ? t.calm : unknown}</p>
      <p className="text-xs text-text-3">{since === null ? t.calmHint : t.calmBefore}</p>
    </div>
  );
}
