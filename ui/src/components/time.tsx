'use client';

import { Tooltip } from '@/components/ui/tooltip';
import { useLang } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useSession } from '@/lib/session';
import { formatAt, formatDuration, formatEstimate, formatMoment, formatRelative } from '@/lib/time';
import { useTimes } from '@/lib/time/times';

/** An instant in the job's zone, the user's zone and UTC, each zone once. */
export function Moments({ at, zone }: { at: string; zone: string }) {
  const lang = useLang();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const lines = [...new Set([zone, own, 'UTC'].map((each) => formatMoment(at, each, lang)))];
  return lines.map((line) => (
    <span key={line} className="block whitespace-nowrap">
      {line}
    </span>
  ));
}

type RelativeProps = { at: string; zone?: string | null; className?: string; isInControl?: boolean };

/**
 * How long ago or how far ahead, or the time of day if this browser shows exact times; all zones on hover and focus.
 * `zone` is the job's, else the deployment's.
 */
export function RelativeTime({ at, zone, className, isInControl }: RelativeProps) {
  const lang = useLang();
  const now = useNow();
  const session = useSession();
  const { times } = useTimes();
  const shown = zone ?? session.timezone;
  return (
    <Tooltip content={() => <Moments at={at} zone={shown} />} className={className} isInControl={isInControl}>
      <time dateTime={at} suppressHydrationWarning>
        {times === 'exact' ? formatAt(at, now, shown, lang, true) : formatRelative(at, now, lang)}
      </time>
    </Tooltip>
  );
}

/** An absolute time in a zone that is named; the other zones on hover and focus. */
export function AbsoluteTime({ at, zone, className }: { at: string; zone?: string | null; className?: string }) {
  const lang = useLang();
  const session = useSession();
  const shown = zone ?? session.timezone;
  return (
    <Tooltip content={() => <Moments at={at} zone={shown} />} className={className}>
      <time dateTime={at}>{formatMoment(at, shown, lang)}</time>
    </Tooltip>
  );
}

/** As short as is clear: "14:02:11 WIB" today, "Thu 14:02 WIB" this week; the absolute times on hover. */
export function ShortTime({ at, className }: { at: string; className?: string }) {
  const lang = useLang();
  const now = useNow();
  const { timezone } = useSession();
  return (
    <Tooltip content={() => <Moments at={at} zone={timezone} />} className={className}>
      <time dateTime={at} suppressHydrationWarning>
        {formatAt(at, now, timezone, lang, true)}
      </time>
    </Tooltip>
  );
}

/** A duration; a dash if there is none yet. */
export function Duration({ ms, className }: { ms: number | null | undefined; className?: string }) {
  const lang = useLang();
  return <span className={className}>{ms === null || ms === undefined ? '–' : formatDuration(ms, lang)}</span>;
}

/** A percentile of durations, which the API knows within 5 %; a dash if nothing was measured. */
export function Percentile({ ms, className }: { ms: number | null; className?: string }) {
  const lang = useLang();
  return <span className={className}>{ms === null ? '–' : `≈ ${formatEstimate(ms, lang)}`}</span>;
}

/** The time that has passed since `from`, ticking. */
export function Elapsed({ from }: { from: string }) {
  const lang = useLang();
  const now = useNow();
  const elapsed = Math.max(0, now - new Date(from).getTime());
  return <span suppressHydrationWarning>{formatDuration(elapsed < 1_000 ? 0 : Math.floor(elapsed / 1_000) * 1_000, lang)}</span>;
}
