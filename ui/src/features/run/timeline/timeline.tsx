'use client';

import { useRef, useState } from 'react';
import { useVirtualRows } from '@/components/table/use-virtual-rows';
import { cn } from '@/lib/cn';
import { useFastNow } from '@/lib/use-fast-now';
import { useLang, useTranslations } from '@/lib/i18n';
import type { RunDetail } from '@/lib/api/queries';
import { RUN_STATES } from '@/lib/run-states';
import { formatDuration, formatNumber } from '@/lib/time';
import { axisMarks } from './axis';
import { foldCalls } from './fold';
import { SpanRow, TIMELINE_GRID } from './span-row';
import { timelineOf } from './spans';
import { timelineTranslations } from './translations';

const ROW_PX = 28;
/** The platform keeps this many tool calls of an attempt. */
const KEPT_CALLS = 200;

/** A run over time: waits, attempts and tool calls; active ones grow. */
export function Timeline({ run }: { run: RunDetail }) {
  const t = useTranslations(timelineTranslations);
  const lang = useLang();
  const now = useFastNow(RUN_STATES[run.status].isActive);
  const { from, to, spans } = timelineOf(run, now);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const rows = foldCalls(spans, open);
  const length = Math.max(1, to - from);
  const marks = axisMarks(length);
  const body = useRef<HTMLDivElement>(null);
  const { items, paddingTop, paddingBottom } = useVirtualRows(rows.length, body, undefined, ROW_PX);
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  const isCut = run.attempts.some((attempt) => attempt.calls.length >= KEPT_CALLS);
  return (
    <section aria-label={t.title} className="overflow-hidden rounded-card border bg-surface">
      <div role="table" aria-label={t.title} aria-rowcount={rows.length + 1}>
        <div role="row" className={`${TIMELINE_GRID} h-7 border-b text-xs text-text-3`}>
          <span role="columnheader" className="px-3.5">
            {t.span}
          </span>
          <span role="columnheader" className="relative h-full border-l">
            <span className="sr-only">{t.title}</span>
            {marks.map((mark, at) => (
              <span
                key={mark}
                suppressHydrationWarning
                className={cn(
                  'absolute top-1.5 px-1.5 whitespace-nowrap',
                  // Narrow screens have room for the first and the last.
                  at > 0 && at < marks.length - 1 && (at % 2 === 1 ? 'max-xl:hidden' : 'max-lg:hidden'),
                )}
                style={markPlace(mark / length)}
              >
                {mark === 0 ? '0' : formatDuration(mark, lang)}
              </span>
            ))}
          </span>
        </div>
        <div ref={body} role="rowgroup" style={{ paddingTop, paddingBottom }}>
          {items.map(({ index }) => {
            const row = rows[index];
            return row && <SpanRow key={row.span.id} {...row} from={from} length={length} now={now} marks={marks} onToggle={toggle} />;
          })}
        </div>
      </div>
      {isCut && <p className="border-t px-3.5 py-2 text-xs text-text-3">{t.more(formatNumber(KEPT_CALLS, lang))}</p>}
    </section>
  );
}

const NEAR_END = 0.8;

/** The label of a tick is right of it; the last one is left of it if the edge is near. */
function markPlace(share: number) {
  return share > NEAR_END ? { right: `${(1 - share) * 100}%` } : { left: `${share * 100}%` };
}
