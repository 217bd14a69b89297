import { useState } from 'react';

/** A list with a stable order: `order` does not change, `byId` has the newest version of each row. */
export type StableList<T> = { read: readonly T[] | undefined; order: readonly string[]; byId: ReadonlyMap<string, T> };

export const EMPTY: StableList<never> = { read: undefined, order: [], byId: new Map<string, never>() };

/**
 * The list after another read. Rows keep their places even if the read no longer contains them. Rows after the last
 * known row are a further page and are appended; new rows before it are held back.
 */
export function mergeRead<T>(before: StableList<T>, read: readonly T[], idOf: (row: T) => string): StableList<T> {
  const known = new Set(before.order);
  const lastKnown = read.findLastIndex((row) => known.has(idOf(row)));
  const added = known.size === 0 ? read : lastKnown === -1 ? [] : read.slice(lastKnown + 1);
  const order = [...before.order, ...added.map(idOf)];
  const shown = new Set(order);
  const byId = new Map(before.byId);
  // Held-back messages stay in `read` only: kept here as well, a day of messages would pile up.
  for (const row of read) if (shown.has(idOf(row))) byId.set(idOf(row), row);
  return { read, order, byId };
}

/** The number of rows that were read but are held back. */
export function countNew<T>({ read, order }: StableList<T>, idOf: (row: T) => string): number {
  const known = new Set(order);
  return (read ?? []).filter((row) => !known.has(idOf(row))).length;
}

/** Rows that are shown but not in the newest read, such as a message in another state. */
export function idsNotRead<T>({ read, order }: StableList<T>, idOf: (row: T) => string): string[] {
  const current = new Set((read ?? []).map(idOf));
  return order.filter((id) => !current.has(id));
}

/** A list whose rows do not move; `idOf` and `read` must keep their identity while nothing changes. */
export function useStableList<T>(read: readonly T[] | undefined, idOf: (row: T) => string) {
  const [stable, setStable] = useState<StableList<T>>(EMPTY);
  if (read !== undefined && read !== stable.read) setStable(mergeRead(stable, read, idOf));
  return {
    rows: stable.order.flatMap((id) => stable.byId.get(id) ?? []),
    newCount: countNew(stable, idOf),
    missing: idsNotRead(stable, idOf),
    showNew: () => setStable(mergeRead<T>(EMPTY, stable.read ?? [], idOf)),
  };
}
