/** One field that differs; what is not there is null. */
export type FieldDifference = { pointer: string; before: unknown; after: unknown };

/** One line of two documents side by side; null if a document has no such line. */
export type LinePair = { before: string | null; after: string | null; isSame: boolean };

type AnyChange =
  | { pointer: string; before?: unknown; after?: unknown }
  | { path: string; from?: unknown; to?: unknown };

/** Normalize the two formats of differences in the API. */
export function toDifferences(changes: readonly AnyChange[]): FieldDifference[] {
  return changes.map((each) =>
    'pointer' in each
      ? { pointer: each.pointer, before: each.before ?? null, after: each.after ?? null }
      : { pointer: each.path, before: each.from ?? null, after: each.to ?? null },
  );
}

/** A readable JSON pointer: `/schedule/interval_sec` is `schedule.interval_sec`. */
export function pointerName(pointer: string): string {
  return pointer
    .replace(/^\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

/** Sort keys, so that equal documents have equal text. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, each]) => [key, ordered(each)]),
  );
}

function linesOf(document: unknown): string[] {
  return document === undefined || document === null ? [] : JSON.stringify(ordered(document), null, 2).split('\n');
}

/** The length of the longest common subsequence of the two tails, for each pair of positions. */
function commonLengths(before: string[], after: string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] =
        before[i] === after[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}

/** Two JSON documents line by line, with changed lines side by side. */
export function pairLines(before: unknown, after: unknown): LinePair[] {
  const old = linesOf(before);
  const now = linesOf(after);
  const lengths = commonLengths(old, now);
  const pairs: LinePair[] = [];
  let removed: string[] = [];
  let come: string[] = [];
  const flush = () => {
    for (let k = 0; k < Math.max(removed.length, come.length); k += 1) {
      pairs.push({ before: removed[k] ?? null, after: come[k] ?? null, isSame: false });
    }
    removed = [];
    come = [];
  };
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const [left, right] = [old[i], now[j]];
    if (left !== undefined && left === right) {
      flush();
      pairs.push({ before: left, after: left, isSame: true });
      i += 1;
      j += 1;
    } else if (right === undefined || (left !== undefined && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      removed.push(left!);
      i += 1;
    } else {
      come.push(right);
      j += 1;
    }
  }
  flush();
  return pairs;
}
