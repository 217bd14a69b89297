'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarX, History, Hourglass, SkipForward, type LucideIcon } from 'lucide-react';
import { useQueryState } from 'nuqs';
import { useState, type ReactNode } from 'react';
import type { Remedy } from '@/components/remedy/places';
import { RemedyRow } from '@/components/remedy/remedy-button';
import { Segmented } from '@/components/segmented';
import { StateBadge } from '@/components/state-badge';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { ErrorState, EmptyState, SkeletonRows } from '@/components/ui/states';
import type { Schemas } from '@/lib/api/client';
import { reasonText } from '@/components/events/event-display';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useSession } from '@/lib/session';
import type { Job } from '@/lib/api/queries';
import type { Tone } from '@/lib/run-states';
import { formatAt, formatNumber } from '@/lib/time';
import { jobSearch } from '../search-params-client';
import { RANGES, jobQueries } from '../queries';
import { foldSlots, type SlotFold } from './slot-folds';
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
    folded: (from: string, to: string, ranges: string, reason: string) => `${from} to ${to}, ${ranges} times: ${reason}.`,
    ranBetween: (n: string, one: boolean) => (one ? '1 slot between them ran.' : `${n} slots between them ran.`),
    each: 'Show each',
    less: 'Fold',
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
    folded: (from: string, to: string, ranges: string, reason: string) => `${from} sampai ${to}, ${ranges} kali: ${reason}.`,
    ranBetween: (n: string) => `${n} slot di antaranya berjalan.`,
    each: 'Tampilkan satu per satu',
    less: 'Lipat',
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
  const { timezone } = useSession();
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
        <Row badge={<StateBadge state={run.status} />} note={t.now} text={run.text} step={run.next_step} actions={run.actions} runId={run.run_id} />
      )}
      {why.data && found.length === 0 && !run && (
        <EmptyState icon={History} title={t.none}>
          <p>{t.noneText}</p>
        </EmptyState>
      )}
      {foldSlots(found).map((row) =>
        row.kind === 'one' ? (
          <SlotsRow key={`${row.slots.outcome}:${row.slots.from}`} slots={row.slots} />
        ) : (
          // The oldest range stays the same while newer ones join.
          <FoldRow key={`fold:${row.fold.newest.reason}:${row.fold.from}`} fold={row.fold} zone={job.schedule?.timezone ?? timezone} />
        ),
      )}
      {found.length === RANGES && <p className="border-t px-3.5 py-2 text-xs text-text-3">{t.most(formatNumber(RANGES, lang))}</p>}
    </Card>
  );
}

function SlotsRow({ slots }: { slots: Occurrence }) {
  const t = useTranslations(translations);
  const lang = useLang();
  return (
    <Row
      badge={<OutcomeBadge found={slots} />}
      note={t.slots(formatNumber(slots.slots, lang), slots.slots === 1)}
      text={slots.text}
      step={slots.next_step}
      actions={slots.actions}
      runId={slots.run_id}
    />
  );
}

/** Ranges that did not run for one reason; a click shows each of them. */
function FoldRow({ fold, zone }: { fold: SlotFold; zone: string }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const now = useNow();
  const [isOpen, setOpen] = useState(false);
  const { newest, ranges, slots, ran } = fold;
  const number = (value: number) => formatNumber(value, lang);
  const when = (at: string) => formatAt(at, now, zone, lang, true);
  const reason = reasonText({ type: newest.outcome === 'missed' ? 'schedule.missed' : 'schedule.skipped' }, newest.reason, lang);
  return (
    <>
      <Row
        badge={<OutcomeBadge found={newest} />}
        note={t.slots(number(slots), slots === 1)}
        text={t.folded(when(fold.from), when(fold.to), number(ranges), reason)}
        more={
          <>
            {ran > 0 && `${t.ranBetween(number(ran), ran === 1)} `}
            <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} className="underline underline-offset-2 hover:text-text">
              {isOpen ? t.less : t.each}
            </button>
          </>
        }
        step={newest.next_step}
        actions={newest.actions}
        runId={null}
      />
      {isOpen && (
        <div className="border-b bg-raised pl-3.5">
          {fold.members.map((each) => (
            <SlotsRow key={`${each.outcome}:${each.from}`} slots={each} />
          ))}
        </div>
      )}
    </>
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

type RowProps = { badge: ReactNode; note: string; text: string; more?: ReactNode; step: string; actions: readonly Remedy[]; runId: string | null };

function Row({ badge, note, text, more, step, actions, runId }: RowProps) {
  const t = useTranslations(translations);
  return (
    <div className="grid gap-x-4 gap-y-1 border-b px-3.5 py-2.5 last:border-b-0 md:grid-cols-[136px_minmax(0,1fr)_auto]">
      <div className="flex items-center gap-2 md:grid md:content-start md:gap-1">
        {badge}
        <span className="text-xs text-text-3">{note}</span>
      </div>
      <div className="min-w-0 text-sm">
        <p className="break-words">{text}</p>
        {more && <p className="text-xs text-text-2">{more}</p>}
        <p className="text-xs text-text-2">
          <CommandText text={step} />
        </p>
        <RemedyRow remedies={actions} className="mt-1" />
      </div>
      {runId !== null && (
        <Link href={`/runs/${encodeURIComponent(runId)}`} title={runId} className="justify-self-start text-xs text-text-2 underline decoration-border-strong underline-offset-2 hover:text-text">
          {t.open}
        </Link>
      )}
    </div>
  );
}
