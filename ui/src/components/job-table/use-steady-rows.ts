'use client';

import { useCallback, useState } from 'react';

type Held = { list: string; known: ReadonlySet<string> };
const NONE: ReadonlySet<string> = new Set();

/**
 * Rows that stay where they are: what came in above the rows that were there first is counted, and shown by
 * `showNew` alone. `list` names the list; another one begins anew.
 */
export function useSteadyRows<T>(rows: readonly T[], keyOf: (row: T) => string, list: string) {
  const [held, setHeld] = useState<Held>({ list, known: NONE });
  let known = held.list === list ? held.known : NONE;
  if (known.size === 0 && rows.length > 0) {
    known = new Set(rows.map(keyOf));
    setHeld({ list, known });
  }
  const first = rows.findIndex((row) => known.has(keyOf(row)));
  const newCount = Math.max(0, first);
  const showNew = useCallback(() => {
    setHeld({ list, known: new Set(rows.map(keyOf)) });
    window.scrollTo({ top: 0 });
  }, [list, rows, keyOf]);
  return { rows: newCount > 0 ? rows.slice(newCount) : rows, newCount, showNew };
}
