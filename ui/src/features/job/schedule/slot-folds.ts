import type { Schemas } from '@/lib/api/client';

type Occurrence = Schemas['WhyOccurrence'];

/** Ranges of slots that did not run for one reason, with the successes between them; newest first. */
export type SlotFold = { newest: Occurrence; ranges: number; slots: number; from: string; to: string; ran: number; members: readonly Occurrence[] };
export type SlotRow = { kind: 'one'; slots: Occurrence } | { kind: 'fold'; fold: SlotFold };

/** Fewer ranges for one reason stay as they are. */
const MIN_RANGES = 3;

// What the schedule itself leaves out has words of its own: which holiday it was.
const isLeftOut = ({ outcome, reason }: Occurrence) => (outcome === 'missed' || outcome === 'skipped') && reason !== 'skip';
const isSuccess = ({ outcome, status }: Occurrence) => outcome === 'ran' && status === 'success';
const isAlike = (a: Occurrence, b: Occurrence) => a.outcome === b.outcome && a.reason === b.reason;

/** Ranges that did not run for the same reason as one row each, if only successes are between them. */
export function foldSlots(found: readonly Occurrence[]): SlotRow[] {
  const rows: SlotRow[] = [];
  for (let at = 0; at < found.length; ) {
    const members = blockFrom(found, at);
    const leftOut = members.filter(isLeftOut);
    at += members.length;
    const [newest] = leftOut;
    if (newest === undefined || leftOut.length < MIN_RANGES) rows.push(...members.map((slots) => ({ kind: 'one' as const, slots })));
    else rows.push({ kind: 'fold', fold: foldOf(members, leftOut, newest) });
  }
  return rows;
}

/** The rows from a place on that one fold would hold: it begins and ends with a range that did not run. */
function blockFrom(found: readonly Occurrence[], at: number): Occurrence[] {
  const first = found[at];
  if (first === undefined || !isLeftOut(first)) return found.slice(at, at + 1);
  let end = at + 1;
  for (let next = end; next < found.length; next += 1) {
    const slots = found[next]!;
    if (isLeftOut(slots) && isAlike(slots, first)) end = next + 1;
    else if (!isSuccess(slots)) break;
  }
  return found.slice(at, end);
}

function foldOf(members: readonly Occurrence[], leftOut: readonly Occurrence[], newest: Occurrence): SlotFold {
  const sum = (all: readonly Occurrence[]) => all.reduce((slots, each) => slots + each.slots, 0);
  return {
    newest,
    ranges: leftOut.length,
    slots: sum(leftOut),
    from: leftOut.at(-1)?.from ?? newest.from,
    to: newest.to,
    ran: sum(members) - sum(leftOut),
    members,
  };
}
