'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/lib/cn';
import { useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { LogLineRow } from './log-line';
import type { LogRow } from './log-lines';
import { logTranslations } from './translations';

const LINE_PX = 20;
const OVERSCAN = 20;
/** The distance from the end that counts as "at the end", in pixels. */
const NEAR_PX = 24;

type Props = {
  rows: readonly LogRow[];
  words: string;
  /** The row of the current match. */
  current: number | undefined;
  isWrapped: boolean;
  isFollowing: boolean;
  /** More lines may come: scrolling up stops following, and a button resumes it. */
  isGrowing: boolean;
  onFollow: (isFollowing: boolean) => void;
  className: string;
};

/** The virtual list of log lines. While it follows, it stays at its end. */
export function LogList({ rows, words, current, isWrapped, isFollowing, isGrowing, onFollow, className }: Props) {
  const t = useTranslations(logTranslations);
  const { timezone } = useSession();
  const box = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const isMeasured = isWrapped || open.size > 0;
  // eslint-disable-next-line react-hooks/incompatible-library -- what it gives is used here alone, unmemoized
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: OVERSCAN,
    getItemKey: (index) => keyOf(rows[index], index),
  });
  const size = virtualizer.getTotalSize();

  useEffect(() => {
    if (!isMeasured) virtualizer.measure();
  }, [isMeasured, virtualizer]);
  useLayoutEffect(() => {
    if (isFollowing && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [isFollowing, rows.length, size]);
  useEffect(() => {
    if (current !== undefined) virtualizer.scrollToIndex(current, { align: 'center' });
  }, [current, virtualizer]);

  const onScroll = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = box.current ?? {};
    const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (isFollowing && scrollTop < lastTop.current && !isAtEnd) onFollow(false);
    if (!isFollowing && isAtEnd && isGrowing && scrollTop > lastTop.current) onFollow(true);
    lastTop.current = scrollTop;
  };
  const toggle = (cursor: string) => {
    const next = new Set(open);
    if (!next.delete(cursor)) next.add(cursor);
    setOpen(next);
  };
  const drawn = virtualizer.getVirtualItems();

  return (
    <div className="relative">
      <div
        ref={box}
        data-log=""
        role="region"
        aria-label={t.list}
        tabIndex={0}
        onScroll={onScroll}
        className={cn('overflow-auto py-1 font-mono text-xs -outline-offset-2', className)}
      >
        <div className={cn('relative min-w-full', !isWrapped && 'w-max')} style={{ height: size }}>
          <div style={{ transform: `translateY(${drawn[0]?.start ?? 0}px)` }}>
            {drawn.map(({ index, key }) => {
              const row = rows[index];
              return (
                <div key={key} data-index={index} ref={isMeasured ? virtualizer.measureElement : undefined}>
                  {row?.kind === 'mark' && (
                    <p className="flex h-5 items-center gap-2 px-3.5 font-sans text-text-3">
                      {t.attempt(row.attempt)}
                      <span aria-hidden className="h-px flex-1 bg-border" />
                    </p>
                  )}
                  {row?.kind === 'line' && (
                    <LogLineRow
                      line={row.line}
                      zone={timezone}
                      words={words}
                      isWrapped={isWrapped}
                      isCurrent={index === current}
                      isOpen={open.has(row.line.cursor)}
                      onToggle={toggle}
                    />
                  )}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {isGrowing && !isFollowing && (
        <Button size="small" onClick={() => onFollow(true)} className="absolute right-4 bottom-3">
          <ArrowDown aria-hidden className="size-3.5" />
          {t.follow}
        </Button>
      )}
    </div>
  );
}

function keyOf(row: LogRow | undefined, index: number): string | number {
  if (row === undefined) return index;
  return row.kind === 'mark' ? `mark-${row.attempt}` : row.line.cursor;
}
