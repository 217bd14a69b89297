'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useState, useSyncExternalStore, type RefObject } from 'react';

const ROW_PX = 36;
const CARD_PX = 108;
const PLAIN_ROWS = 50;
const OVERSCAN = 6;
/** The next page is read when this many rows are left. */
const NEAR_END_ROWS = 30;
/** The number of rows that the server renders of a long list: enough for a tall screen. */
const SERVER_RECT = { width: 1440, height: 1000 };
const WIDE = '(min-width: 1024px)';

function subscribeWide(listener: () => void): () => void {
  const media = window.matchMedia(WIDE);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

/** Whether rows are rows, not cards. */
export function useIsWide(): boolean {
  return useSyncExternalStore(
    subscribeWide,
    () => window.matchMedia(WIDE).matches,
    () => true,
  );
}

const useBrowserLayoutEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect;

/** The rows to render: all of a short list, the visible ones of a long list. */
export function useVirtualRows(
  count: number,
  body: RefObject<HTMLElement | null>,
  onEnd?: () => void,
  /** Set if every row has this height, on narrow screens too. */
  rowPx?: number,
) {
  const isWide = useIsWide();
  const [top, setTop] = useState(0);
  useBrowserLayoutEffect(() => {
    const rect = body.current?.getBoundingClientRect();
    if (rect) setTop(Math.round(rect.top + window.scrollY));
  }, [body, count]);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => rowPx ?? (isWide ? ROW_PX : CARD_PX),
    overscan: OVERSCAN,
    scrollMargin: top,
    initialRect: SERVER_RECT,
  });
  const isVirtual = count > PLAIN_ROWS;
  const drawn = virtualizer.getVirtualItems();
  const last = isVirtual ? (drawn.at(-1)?.index ?? 0) : count - 1;
  const isNearEnd = count > 0 && last >= count - NEAR_END_ROWS;

  useEffect(() => {
    if (isVirtual && isNearEnd) onEnd?.();
  }, [isVirtual, isNearEnd, count, onEnd]);

  const first = drawn[0];
  const end = drawn.at(-1);
  return {
    items: isVirtual ? drawn : Array.from({ length: count }, (_, index) => ({ index })),
    paddingTop: isVirtual && first ? first.start - top : 0,
    paddingBottom: isVirtual && end ? virtualizer.getTotalSize() - (end.end - top) : 0,
    // Rows have a fixed height; the height of a card depends on its content.
    measure: isVirtual && !isWide && rowPx === undefined ? virtualizer.measureElement : undefined,
    scrollTo: (index: number) => isVirtual && virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}
