'use client';

import { Tooltip } from '@/components/ui/tooltip';
import { Moments, RelativeTime } from '@/components/time';
import { Link } from '@/components/ui/link';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations, type Lang } from '@/lib/i18n';
import { shortRunId, slotOf } from '@/lib/runs';
import { useSession } from '@/lib/session';
import { TONE_CLASS } from '@/lib/run-states';
import { formatClock, formatAt, formatDuration, formatNumber, zoneName } from '@/lib/time';
import { detailsOf, type ShownEvent } from './event-list';
import { displayOf, reasonText, eventText } from './event-display';

const translations = defineTranslations(
  {
    redriven: 'redriven by hand',
    released: 'returned by a worker that shut down',
    reclaimed: 'reclaimed from a lost worker',
    due: (when: string) => `due ${when}`,
    steps: (n: string) => `${n} steps`,
    slots: (n: string, one: boolean) => (one ? '1 slot' : `${n} slots`),
    by: (who: string) => `by ${who}`,
    version: (n: number) => `v${n}`,
  },
  {
    redriven: 'diproses ulang secara manual',
    released: 'dikembalikan oleh worker yang berhenti',
    reclaimed: 'diambil kembali dari worker yang hilang',
    due: (when: string) => `jatuh tempo ${when}`,
    steps: (n: string) => `${n} langkah`,
    slots: (n: string) => `${n} slot`,
    by: (who: string) => `oleh ${who}`,
    version: (n: number) => `v${n}`,
  },
);

/** One event: time, type, and the run if `run` is set. */
export function EventRow({ event, run }: { event: ShownEvent; run?: boolean }) {
  const lang = useLang();
  const { timezone } = useSession();
  const { icon: Icon, tone, label } = displayOf(event);
  const detail = useDetail(event, lang);
  return (
    <li
      data-type={event.type}
      className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 border-b px-3.5 py-1.5 text-sm last:border-b-0 sm:grid-cols-[96px_minmax(0,1fr)_auto_92px]"
    >
      <Tooltip content={() => <Moments at={event.at} zone={timezone} />} className="font-mono text-xs text-text-3">
        <time dateTime={event.at}>
          {formatClock(event.at, timezone)} {zoneName(timezone, event.at)}
        </time>
      </Tooltip>
      <span className="min-w-0 break-words">
        <span className={cn('font-medium', TONE_CLASS[tone])}>
          <Icon aria-hidden className="mr-1.5 -mt-0.5 inline size-3.5 text-tone" strokeWidth={2.25} />
          {label[lang]}
        </span>
        {detail && <span className="ml-2 text-text-2">{detail}</span>}
      </span>
      <span className="max-sm:col-start-2">
        {run && event.run_id !== null && (
          <Link href={`/runs/${encodeURIComponent(event.run_id)}`} title={event.run_id} className="font-mono text-xs text-text-2 hover:text-text hover:underline">
            {shortRunId({ run_id: event.run_id, slot_at: slotOf(event.run_id) }, timezone)}
          </Link>
        )}
      </span>
      <RelativeTime at={event.at} className="text-right text-xs text-text-3 max-sm:hidden" />
    </li>
  );
}

type EventData = Partial<{
  duration_ms: number;
  due: number;
  redriven: boolean;
  released: boolean;
  reclaimed: boolean;
  actor: string;
  reason: string;
  slots: number;
  first: number;
  last: number;
  percent: number;
}>;

function useDetail(event: ShownEvent, lang: Lang): string {
  const t = useTranslations(translations);
  const { timezone } = useSession();
  const { duration_ms, due, redriven, released, reclaimed, actor, reason, slots, first, last, percent, ...rest } = event.data as EventData;
  const text = eventText(event);
  if (text !== null) return text;
  const soon = (ms: number) => formatAt(ms, Date.parse(event.at), timezone, lang, true);
  const span = (from: number, to: number) => (from === to ? soon(from) : `${soon(from)} – ${soon(to)}`);
  const parts = [
    percent === undefined ? null : `${formatNumber(percent, lang)}%`,
    event.steps > 1 ? t.steps(formatNumber(event.steps, lang)) : null,
    duration_ms === undefined ? null : formatDuration(duration_ms, lang),
    due === undefined ? null : t.due(soon(due)),
    redriven ? t.redriven : null,
    released ? t.released : null,
    reclaimed ? t.reclaimed : null,
    slots === undefined ? null : t.slots(formatNumber(slots, lang), slots === 1),
    first === undefined || last === undefined ? null : span(first, last),
    actor ? t.by(actor) : null,
    reason ? reasonText(event, reason, lang) : null,
    event.type === 'job.updated' && event.rev !== null ? t.version(event.rev) : null,
    Object.keys(rest).length > 0 ? detailsOf(rest) : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
