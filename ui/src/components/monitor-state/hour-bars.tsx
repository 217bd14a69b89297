'use client';

import type { Monitor } from '@/lib/api/queries';
import type { WatchState } from '@/lib/monitor-states';
import { useSession } from '@/lib/session';
import { formatClock, zoneName } from '@/lib/time';
import { StateBars } from './state-bars';

const HOUR_MS = 3_600_000;

type Props = {
  hours: Monitor['hours'];
  /** How long each state lasted, in ms. */
  lengths?: ReadonlyMap<WatchState, number>;
  walkable?: boolean;
  className?: string;
};

/** The last 24 hours of a monitor, a bar an hour, oldest left. */
export function HourBars({ hours, lengths, walkable, className }: Props) {
  const { timezone } = useSession();
  const clock = (at: string | number) => formatClock(at, timezone, false);
  return (
    <StateBars
      bars={hours}
      lengths={lengths}
      walkable={walkable}
      className={className}
      nameOf={({ at }) => `${clock(at)}–${clock(Date.parse(at) + HOUR_MS)} ${zoneName(timezone, at)}`}
    />
  );
}
