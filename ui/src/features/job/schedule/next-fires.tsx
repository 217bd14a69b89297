'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarClock, CalendarOff, Clock3, Info } from 'lucide-react';
import { useQueryState } from 'nuqs';
import { RemedyRow } from '@/components/remedy/remedy-button';
import { SkippedSlots } from '@/components/schedule/skipped-slots';
import { RelativeTime } from '@/components/time';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import type { Job } from '@/lib/api/queries';
import { Can, useCan, useSession } from '@/lib/session';
import { formatNumber } from '@/lib/time';
import { jobQueries } from '../queries';
import { jobSearch } from '../search-params-client';
import { CommandText } from '../command-text';
import { useBrowserTimeZone } from './use-browser-time-zone';
import { formatFire, displayTimeZones } from './time-zones';

const translations = defineTranslations(
  {
    title: 'Next fires',
    jobZone: (zone: string) => `In the job’s zone, ${zone}`,
    yours: (zone: string) => `Yours, ${zone}`,
    utc: 'UTC',
    in: 'When',
    due: (n: string, one: boolean) => (one ? 'due, no run yet' : `${n} slots due, no run yet`),
    none: 'Never fires',
    byHand: 'It has no schedule',
    byHandText: 'It is started by hand or by a chain of another job.',
    add: 'Add a schedule',
    clocks: 'Clock changes within a year',
  },
  {
    title: 'Jadwal berikutnya',
    jobZone: (zone: string) => `Zona job, ${zone}`,
    yours: (zone: string) => `Zona Anda, ${zone}`,
    utc: 'UTC',
    in: 'Kapan',
    due: (n: string, one: boolean) => (one ? 'sudah waktunya, belum ada run' : `${n} jadwal sudah waktunya, belum ada run`),
    none: 'Tidak ada jadwal di depan',
    byHand: 'Job ini tidak punya jadwal',
    byHandText: 'Dijalankan manual, atau lewat rantai dari job lain.',
    add: 'Tambah jadwal',
    clocks: 'Pergeseran jam dalam setahun',
  },
);

/** The next fires in the job's zone, the user's zone and UTC, and anything that prevents them. */
export function NextFires({ job }: { job: Job }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const [period] = useQueryState('period', jobSearch.period);
  const fires = useQuery(jobQueries.fires(job.job_id));
  const why = useQuery(jobQueries.why(job.job_id, lang, period));
  const next = why.data?.next;
  return (
    <Card title={t.title} aside={job.schedule_words && <span className="truncate max-sm:hidden">{job.schedule_words[lang]}</span>}>
      {next && next.reason !== null && job.schedule !== null && (
        <div className="flex items-start gap-2 border-b bg-tone-bg px-3.5 py-2 text-sm text-text tone-retry">
          <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
          <div className="min-w-0 break-words">
            {next.text} <CommandText text={next.next_step} className="text-text-2" />
            <RemedyRow remedies={next.actions} className="mt-1.5" />
          </div>
        </div>
      )}
      {fires.isPending && <SkeletonRows rows={4} />}
      {fires.error && !fires.data && <ErrorState error={fires.error} onRetry={() => void fires.refetch()} />}
      {fires.data?.length === 0 && <NoFires job={job} />}
      {fires.data && fires.data.length > 0 && <Fires job={job} fires={fires.data} />}
      <PreviewNotes job={job} />
    </Card>
  );
}

function NoFires({ job }: { job: Job }) {
  const t = useTranslations(translations);
  if (job.schedule !== null) {
    return (
      <p className="flex items-center justify-center gap-2 px-3.5 py-8 text-sm text-text-2">
        <CalendarOff aria-hidden className="size-4 text-text-3" /> {t.none}
      </p>
    );
  }
  return (
    <div className="grid justify-items-center gap-2 px-3.5 py-8 text-center text-sm">
      <CalendarOff aria-hidden className="size-6 text-text-3" strokeWidth={1.5} />
      <p className="text-base font-semibold">{t.byHand}</p>
      <p className="text-text-2">{t.byHandText}</p>
      <Can role="operator">
        <ButtonLink href={`/jobs/${encodeURIComponent(job.job_id)}/edit`}>{t.add}</ButtonLink>
      </Can>
    </div>
  );
}

type Fire = { from: string; to: string; slots: number; reason: string };

function Fires({ job, fires }: { job: Job; fires: readonly Fire[] }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const now = useNow();
  const session = useSession();
  const own = useBrowserTimeZone();
  const zone = job.schedule?.timezone ?? session.timezone;
  const zones = displayTimeZones(zone, own);
  const head = (each: string) => (each === zone ? t.jobZone(zone) : each === 'UTC' ? t.utc : t.yours(each));
  const tracks = { gridTemplateColumns: `repeat(${zones.length}, minmax(0, 1fr)) 96px` };
  return (
    <div role="table" aria-label={t.title}>
      <div role="row" className="hidden gap-x-4 border-b px-3.5 py-2 text-xs font-medium text-text-3 lg:grid" style={tracks}>
        {zones.map((each) => (
          <span key={each} role="columnheader" className="truncate">
            {head(each)}
          </span>
        ))}
        <span role="columnheader" className="text-right">
          {t.in}
        </span>
      </div>
      {fires.map((fire) => (
        <div
          key={fire.from}
          role="row"
          className="grid gap-x-4 border-b px-3.5 py-2 last:border-b-0 max-lg:!grid-cols-[minmax(0,1fr)_auto] lg:h-9 lg:items-center lg:py-0"
          style={tracks}
        >
          {zones.map((each, at) => (
            <span key={each} role="cell" className={cn('truncate', at > 0 && 'text-text-2 max-lg:col-start-1 max-lg:text-xs')}>
              {formatFire(fire.from, now, each, lang)}
            </span>
          ))}
          <span role="cell" className="text-right text-text-2 max-lg:col-start-2 max-lg:row-start-1" suppressHydrationWarning>
            {Date.parse(fire.from) <= now ? t.due(formatNumber(fire.slots, lang), fire.slots === 1) : <RelativeTime at={fire.from} zone={zone} />}
          </span>
        </div>
      ))}
    </div>
  );
}

/** The slots that the schedule leaves out, and the effect of clock changes on it; empty if it has none. */
function PreviewNotes({ job }: { job: Job }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const canAsk = useCan('operator');
  const { schedule } = job;
  const asks = canAsk && schedule !== null && Boolean(schedule.cron ?? schedule.rrule ?? schedule.skip);
  const { data } = useQuery({ ...jobQueries.preview(schedule ?? {}), enabled: asks });
  if (!data) return null;
  const { skipped, holiday_notes: unsure, dst_notes: clocks, timezone } = data;
  return (
    <>
      {skipped.length + unsure.length > 0 && (
        <div className="border-t px-3.5 py-2.5">
          <SkippedSlots skipped={skipped} notes={unsure} zone={timezone} />
        </div>
      )}
      {clocks.length > 0 && (
        <div className="border-t px-3.5 py-2.5">
          <h3 className="flex items-center gap-1.5 text-xs font-medium text-text-2">
            <Clock3 aria-hidden className="size-3.5" />
            {t.clocks}
          </h3>
          <ul className="mt-1 grid gap-1 text-sm">
            {clocks.map((note) => (
              <li key={note.at} className="flex items-start gap-2">
                <CalendarClock aria-hidden className="mt-0.5 size-4 shrink-0 text-tone tone-retry" />
                {lang === 'id' ? note.text_id : note.text_en}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
