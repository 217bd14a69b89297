'use client';

import type { Monitor } from '@/lib/api/queries';
import { useSession } from '@/lib/session';
import { formatClock, zoneName } from '@/lib/time';
import { StateBars } from './state-bars';

const HOUR_MS = 3_600_000;

/** The last 24 hours of a monitor, a bar an hour, oldest left. */
export function HourBars({ hours, walkable, className }: { hours: Monitor['hours']; walkable?: boolean; className?: string }) {
  const { timezone } = useSession();
  const clock = (at: string | number) => formatClock(at, timezone, false);
  return (
    <StateBars
      bars={hours}
      walkable={walkable}
      className={className}
      nameOf={({ at }) => `${clock(at)}–${clock(Date.parse(at) + HOUR_MS)} ${zoneName(timezone, at)}`}
    />
  );
}
