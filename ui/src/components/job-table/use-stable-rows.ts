'use client';

import { useCallback, useState } from 'react';

type Baseline = { list: string; known: ReadonlySet<string> };
const NONE: ReadonlySet<string> = new Set();

/**
 * Rows that do not move: rows that arrive above the first known row are counted and hidden until `showNew`. `list`
 * identifies the list; another list starts over.
 */
export function useStableRows<T>(rows: readonly T[], keyOf: (row: T) => string, list: string) {
  const [baseline, setBaseline] = useState<Baseline>({ list, known: NONE });
  let known = baseline.list === list ? baseline.known : NONE;
  if (known.size === 0 && rows.length > 0) {
    known = new Set(rows.map(keyOf));
    setBaseline({ list, known });
  }
  const first = rows.findIndex((row) => known.has(keyOf(row)));
  const newCount = Math.max(0, first);
  const showNew = useCallback(() => {
    setBaseline({ list, known: new Set(rows.map(keyOf)) });
    window.scrollTo({ top: 0 });
  }, [list, rows, keyOf]);
  return { rows: newCount > 0 ? rows.slice(newCount) : rows, newCount, showNew };
}
