'use client';

import { useState } from 'react';
import { MonitorBadge } from '@/components/monitor-state/monitor-badge';
import { Elapsed, ShortTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatDuration, formatNumber } from '@/lib/time';
import type { StateRange } from './day-bars';
import { isNamed } from './reasons';
import { monitorsTranslations } from './translations';

const SHOWN = 8;

/** The states of a monitor as ranges, newest first. */
export function StateHistory({ history }: { history: readonly StateRange[] }) {
  const t = useTranslations(monitorsTranslations);
  const lang = useLang();
  const [isWhole, setWhole] = useState(false);
  const newest = history.toReversed();
  return (
    <>
      <ul aria-label={t.history}>
        {(isWhole ? newest : newest.slice(0, SHOWN)).map((range) => (
          <li key={`${range.from} ${range.state}`} className="grid grid-cols-[minmax(0,auto)_1fr] items-center gap-x-3 gap-y-1 border-b px-3.5 py-2 last:border-b-0 sm:grid-cols-[132px_minmax(0,1fr)_96px]">
            <MonitorBadge state={range.state} />
            <span className="min-w-0 text-text-2 max-sm:order-last max-sm:col-span-2">
              <ShortTime at={range.from} /> {t.until} {range.to === null ? t.now : <ShortTime at={range.to} />}
              {range.reason !== null && isNamed(range.reason) && <span className="text-text-3"> · {t.reason(range.reason)}</span>}
            </span>
            <span className="text-right text-text-2">
              {range.to === null ? <Elapsed from={range.from} /> : formatDuration(Date.parse(range.to) - Date.parse(range.from), lang)}
            </span>
          </li>
        ))}
      </ul>
      {!isWhole && newest.length > SHOWN && (
        <div className="grid justify-items-center border-t p-2">
          <Button variant="ghost" size="small" onClick={() => setWhole(true)}>
            {t.showAll(formatNumber(newest.length, lang))}
          </Button>
        </div>
      )}
    </>
  );
}
