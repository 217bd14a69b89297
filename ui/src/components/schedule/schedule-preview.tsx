'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Clock, TriangleAlert } from 'lucide-react';
import { NO_ERRORS, fieldErrors, type Json, type JsonObject } from '@/components/schema-form';
import { api, toApiError, unwrap, type Schemas } from '@/lib/api/client';
import { cn } from '@/lib/cn';
import { useLang, useTranslations, type Lang } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { formatClock, formatRelative, zoneName } from '@/lib/time';
import { canPreview } from './schedule-model';
import { SkippedSlots } from './skipped-slots';
import { scheduleTranslations } from './translations';
import { useDebounced } from '@/lib/use-debounced';

const DEBOUNCE_MS = 350;
const MAX_FIRES = 5;

/** The API's preview of a schedule while it is edited: text, next fires, errors. */
function useSchedulePreview(schedule: Json | undefined, jitterSec: Json | undefined) {
  const jitter = typeof jitterSec === 'number' ? jitterSec : 0;
  const current = canPreview(schedule) ? JSON.stringify({ schedule, jitter }) : null;
  const debounced = useDebounced(current, DEBOUNCE_MS);
  const preview = useQuery({
    queryKey: ['schedule-preview', debounced],
    queryFn: () => {
      const body = JSON.parse(debounced ?? '{}') as { schedule: JsonObject; jitter: number };
      return unwrap(
        api.POST('/schedules/preview', {
          body: { schedule: body.schedule as Schemas['ScheduleInput'], jitter_sec: body.jitter, count: MAX_FIRES },
        }),
      );
    },
    enabled: debounced !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 20_000,
  });
  return { data: preview.data, error: preview.error, isOld: preview.isPlaceholderData || debounced !== current };
}

/** "Mon 30 Nov", or "30 Nov 2027" in another year. */
function formatDay(at: string, now: number, zone: string, lang: Lang): string {
  const isThisYear = at.slice(0, 4) === new Date(now).toISOString().slice(0, 4);
  return new Intl.DateTimeFormat(lang === 'id' ? 'id-ID' : 'en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? { weekday: 'short' } : { year: 'numeric' }),
  }).format(new Date(at));
}

/** The schedule as text, the next five fires in each zone, and the effect of clock changes. */
export function SchedulePreview({ schedule, jitterSec }: { schedule: Json | undefined; jitterSec: Json | undefined }) {
  const t = useTranslations(scheduleTranslations);
  const lang = useLang();
  const isAsked = canPreview(schedule);
  const { data, error, isOld } = useSchedulePreview(schedule, jitterSec);
  if (!isAsked) return <Hint>{schedule === undefined || schedule === null ? t.handHint : t.previewHint}</Hint>;
  if (error) return <Problems error={error} />;
  if (!data) return <Hint>{t.reading}</Hint>;
  return (
    <div className={cn('grid content-start gap-3', isOld && 'opacity-60')} aria-busy={isOld}>
      <p aria-live="polite" className="text-sm font-medium first-letter:uppercase">
        {data.words[lang]}
      </p>
      <Fires fires={data.next} zone={data.timezone} />
      <SkippedSlots skipped={data.skipped} notes={data.holiday_notes} zone={data.timezone} />
      {data.ends && data.next.length < MAX_FIRES && <p className="text-xs text-text-2">{t.last}</p>}
      {data.dst_notes.map((note) => (
        <p key={note.at} className="flex gap-1.5 rounded-control bg-tone-bg px-2 py-1 text-xs text-tone-text tone-retry">
          <Clock aria-label={t.changed} className="mt-px size-3.5 shrink-0" />
          {lang === 'id' ? note.text_id : note.text_en}
        </p>
      ))}
    </div>
  );
}

function Hint({ children }: { children: string }) {
  return <p className="text-sm text-text-3">{children}</p>;
}

function Problems({ error }: { error: unknown }) {
  const lang = useLang();
  const problem = toApiError(error);
  const found = problem.fields.length > 0 ? fieldErrors(problem.fields, lang) : NO_ERRORS;
  const messages = [...new Set(Object.values(found))];
  return (
    <div role="status" className="grid gap-1 text-sm text-tone-text tone-fail">
      {(messages.length > 0 ? messages : [problem.detail]).map((message) => (
        <p key={message} className="flex gap-1.5">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {message}
        </p>
      ))}
    </div>
  );
}

function Fires({ fires, zone }: { fires: readonly Schemas['FireBody'][]; zone: string }) {
  const t = useTranslations(scheduleTranslations);
  const lang = useLang();
  const now = useNow();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const first = fires[0];
  const hasSeconds = fires.some((fire) => new Date(fire.utc).getUTCSeconds() !== 0);
  if (!first) return null;
  const columns = [{ head: `${zone} · ${zoneName(zone, first.utc)}`, zone }];
  if (own !== zone && own !== 'UTC') columns.push({ head: `${t.yours} · ${zoneName(own, first.utc)}`, zone: own });
  if (zone !== 'UTC') columns.push({ head: t.utc, zone: 'UTC' });
  return (
    <div className="@container">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{t.preview}</caption>
        <thead>
          <tr className="border-b text-xs text-text-3">
            {columns.map((column) => (
              <th key={column.zone} scope="col" className="py-1 pr-3 align-bottom font-normal break-words">
                {column.head}
              </th>
            ))}
            <th scope="col" className="hidden py-1 text-right align-bottom font-normal @md:table-cell">
              {t.distance}
            </th>
          </tr>
        </thead>
        <tbody>
          {fires.map((fire) => (
            <tr key={fire.utc} className="border-b last:border-0">
              {columns.map((column, index) => (
                <td key={column.zone} className={cn('py-1 pr-3', index > 0 && 'text-text-2')}>
                  <time dateTime={fire.utc}>
                    <span className="whitespace-nowrap">{formatDay(fire.utc, now, column.zone, lang)}</span>{' '}
                    {formatClock(fire.utc, column.zone, hasSeconds)}
                  </time>
                </td>
              ))}
              <td className="hidden py-1 text-right whitespace-nowrap text-text-3 @md:table-cell">{formatRelative(fire.utc, now, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
