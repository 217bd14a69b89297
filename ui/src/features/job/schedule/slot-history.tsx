'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarX, History, Hourglass, SkipForward, type LucideIcon } from 'lucide-react';
import { useQueryState } from 'nuqs';
import type { ReactNode } from 'react';
import { Segmented } from '@/components/segmented';
import { StateBadge } from '@/components/state-badge';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { ErrorState, EmptyState, SkeletonRows } from '@/components/ui/states';
import type { Schemas } from '@/lib/api/client';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import type { Tone } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import { jobSearch } from '../search-params-client';
import { RANGES, jobQueries } from '../queries';
import { PERIOD_NAMES, type Period } from '../search-params';
import { CommandText } from '../command-text';

type Occurrence = Schemas['WhyOccurrence'];
type Outcome = Exclude<Occurrence['outcome'], 'ran' | 'upcoming'>;

const translations = defineTranslations(
  {
    title: 'Past slots',
    period: 'Period',
    p24h: '24 h',
    p3d: '3 days',
    p7d: '7 days',
    ran: (n: string) => `${n} ran`,
    missed: (n: string) => `${n} missed`,
    skipped: (n: string) => `${n} skipped`,
    waiting: (n: string) => `${n} waiting`,
    slots: (n: string, one: boolean) => (one ? '1 slot' : `${n} slots`),
    isMissed: 'Missed',
    isSkipped: 'Skipped',
    isWaiting: 'Waiting',
    isRan: 'Ran',
    newest: 'newest run',
    now: 'Right now',
    none: 'No slot in this period',
    noneText: 'Nothing was due. A longer period may show more.',
    open: 'Open run',
    most: (n: string) => `The newest ${n} are shown. Choose a shorter period to see all.`,
  },
  {
    title: 'Jadwal yang sudah lewat',
    period: 'Rentang',
    p24h: '24 jam',
    p3d: '3 hari',
    p7d: '7 hari',
    ran: (n: string) => `${n} berjalan`,
    missed: (n: string) => `${n} terlewat`,
    skipped: (n: string) => `${n} dilewati`,
    waiting: (n: string) => `${n} menunggu`,
    slots: (n: string) => `${n} slot`,
    isMissed: 'Terlewat',
    isSkipped: 'Dilewati',
    isWaiting: 'Menunggu',
    isRan: 'Berjalan',
    newest: 'run terbaru',
    now: 'Saat ini',
    none: 'Tidak ada jadwal dalam rentang ini',
    noneText: 'Tidak ada yang jatuh tempo. Rentang yang lebih panjang mungkin menampilkan lebih banyak.',
    open: 'Buka run',
    most: (n: string) => `Ditampilkan ${n} yang terbaru. Rentang yang lebih pendek menampilkan semuanya.`,
  },
);

const LOOKS: Record<Outcome, { icon: LucideIcon; tone: Tone; word: 'isMissed' | 'isSkipped' | 'isWaiting' }> = {
  missed: { icon: CalendarX, tone: 'fail', word: 'isMissed' },
  skipped: { icon: SkipForward, tone: 'retry', word: 'isSkipped' },
  waiting: { icon: Hourglass, tone: 'neutral', word: 'isWaiting' },
};
const PERIOD_WORDS: Record<Period, 'p24h' | 'p3d' | 'p7d'> = { '24h': 'p24h', '3d': 'p3d', '7d': 'p7d' };

/** Ranges of slots, newest first: outcome, reason and remedy. */
export function SlotHistory({ job }: { job: Job }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const [period, setPeriod] = useQueryState('period', jobSearch.period.withOptions({ history: 'push' }));
  const why = useQuery(jobQueries.why(job.job_id, lang, period));
  const found = why.data?.occurrences ?? [];
  const run = why.data?.run ?? null;
  return (
    <Card
      title={t.title}
      aside={
        <>
          {found.length > 0 && <Counts found={found} />}
          <Segmented
            label={t.period}
            value={period}
            onChange={(next) => void setPeriod(next)}
            options={PERIOD_NAMES.map((each) => ({ value: each, label: t[PERIOD_WORDS[each]] }))}
          />
        </>
      }
    >
      {why.isPending && <SkeletonRows rows={4} />}
      {why.error && !why.data && <ErrorState error={why.error} onRetry={() => void why.refetch()} />}
      {run && !found.some((each) => each.run_id === run.run_id) && (
        <Row badge={<StateBadge state={run.status} />} note={t.now} text={run.text} step={run.next_step} runId={run.run_id} />
      )}
      {why.data && found.length === 0 && !run && (
        <EmptyState icon={History} title={t.none}>
          <p>{t.noneText}</p>
        </EmptyState>
      )}
      {found.map((each) => (
        <Row
          key={`${each.outcome}:${each.from}`}
          badge={<OutcomeBadge found={each} />}
          note={t.slots(formatNumber(each.slots, lang), each.slots === 1)}
          text={each.text}
          step={each.next_step}
          runId={each.run_id}
        />
      ))}
      {found.length === RANGES && <p className="border-t px-3.5 py-2 text-xs text-text-3">{t.most(formatNumber(RANGES, lang))}</p>}
    </Card>
  );
}

function OutcomeBadge({ found }: { found: Occurrence }) {
  const t = useTranslations(translations);
  if (found.status !== null) return <StateBadge state={found.status} />;
  if (found.outcome === 'ran' || found.outcome === 'upcoming') return <Badge>{t.isRan}</Badge>;
  const look = LOOKS[found.outcome];
  return (
    <Badge icon={look.icon} tone={look.tone}>
      {t[look.word]}
    </Badge>
  );
}

function Counts({ found }: { found: readonly Occurrence[] }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const counts = { ran: 0, waiting: 0, missed: 0, skipped: 0, upcoming: 0 };
  for (const each of found) counts[each.outcome] += each.slots;
  const shownOutcomes = (['ran', 'waiting', 'missed', 'skipped'] as const).filter((each) => counts[each] > 0);
  return <span className="truncate max-sm:hidden">{shownOutcomes.map((each) => t[each](formatNumber(counts[each], lang))).join(' · ')}</span>;
}

type RowProps = { badge: ReactNode; note: string; text: string; step: string; runId: string | null };

function Row({ badge, note, text, step, runId }: RowProps) {
  const t = useTranslations(translations);
  return (
    <div className="grid gap-x-4 gap-y-1 border-b px-3.5 py-2.5 last:border-b-0 md:grid-cols-[136px_minmax(0,1fr)_auto]">
      <div className="flex items-center gap-2 md:grid md:content-start md:gap-1">
        {badge}
        <span className="text-xs text-text-3">{note}</span>
      </div>
      <div className="min-w-0 text-sm">
        <p className="break-words">{text}</p>
        <p className="text-xs text-text-2">
          <CommandText text={step} />
        </p>
      </div>
      {runId !== null && (
        <Link href={`/runs/${encodeURIComponent(runId)}`} title={runId} className="justify-self-start text-xs text-text-2 underline decoration-border-strong underline-offset-2 hover:text-text">
          {t.open}
        </Link>
      )}
    </div>
  );
}
