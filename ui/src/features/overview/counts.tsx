'use client';

import { useQuery } from '@tanstack/react-query';
import { Link } from '@/components/ui/link';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { queries } from '@/lib/api/queries';
import { RUN_STATES, TONE_CLASS, type RunState } from '@/lib/run-states';
import { formatDuration, formatNumber, formatRelative } from '@/lib/time';
import { overviewTranslations } from './translations';

/** The number of runs in each active state; each links to its list. */
export function Counts() {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const now = useNow();
  const counts = useQuery(queries.runCounts()).data;
  const queue = useQuery(queries.queue()).data;
  const slots = useQuery(queries.workers()).data?.reduce((sum, worker) => sum + worker.concurrency, 0);

  const oldestMs = queue && Math.max(...Object.values(queue.lanes).map((lane) => lane.oldest_ms ?? -1));
  const dueIn = (state: 'scheduled' | 'retrying') => {
    if (!counts || !queue) return '';
    if (!queue.next_due_at || counts[state] === 0) return t.noneDue;
    const due = formatRelative(Math.max(now, Date.parse(queue.next_due_at)), now, lang);
    // One index contains both: the owner of the next entry is known only if the other kind has none.
    return counts[state === 'scheduled' ? 'retrying' : 'scheduled'] > 0 ? t.nextOfBoth(due) : t.nextIn(due);
  };
  return (
    <ul aria-label={t.counts} className="grid grid-cols-2 gap-px overflow-hidden rounded-card border bg-border sm:grid-cols-3 lg:grid-cols-5">
      <Count state="running" label={t.running} value={counts?.running} note={slots === undefined ? '' : t.ofSlots(formatNumber(slots, lang))} href="/runs?status=running" />
      <Count
        state="queued"
        label={t.queued}
        value={counts?.queued}
        note={oldestMs === undefined ? '' : oldestMs < 0 ? t.noneWaiting : t.oldest(formatDuration(oldestMs, lang))}
        href="/runs?status=queued"
      />
      <Count state="scheduled" label={t.scheduled} value={counts?.scheduled} note={dueIn('scheduled')} href="/runs?status=scheduled" />
      <Count state="retrying" label={t.retrying} value={counts?.retrying} note={dueIn('retrying')} href="/runs?status=retrying" />
      <Count state="dead_letter" label={t.dead} value={counts?.dead_letters} note={counts === undefined ? '' : counts.dead_letters > 0 ? t.decide : t.allDecided} href="/dead-letters" last />
    </ul>
  );
}

type CountProps = { state: RunState; label: string; value: number | undefined; note: string; href: string; last?: boolean };

function Count({ state, label, value, note, href, last }: CountProps) {
  const lang = useLang();
  const { icon: Icon, tone } = RUN_STATES[state];
  return (
    <li className={cn('min-w-0', last && 'col-span-2 lg:col-span-1')}>
      <Link
        href={href}
       
        data-count={state}
        className={cn('block bg-surface px-3.5 pt-2.5 pb-2 hover:bg-hover focus-visible:-outline-offset-2', value ? TONE_CLASS[tone] : TONE_CLASS.neutral)}
      >
        <span className="flex items-center gap-1.5 text-xs text-text-2">
          <Icon aria-hidden className="size-3.5 shrink-0 text-tone" strokeWidth={2.25} />
          <span className="truncate">{label}</span>
        </span>
        <span className={cn('block text-stat font-semibold', !value && 'text-text-3')}>{value === undefined ? '–' : formatNumber(value, lang)}</span>
        <span suppressHydrationWarning className="block truncate text-xs text-text-3">
          {note || '\u00a0'}
        </span>
      </Link>
    </li>
  );
}
