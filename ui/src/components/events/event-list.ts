import type { EventBody } from '@/lib/api/queries';

/** A row of the list; consecutive progress events of a run are one row. */
export type ShownEvent = EventBody & { steps: number };

/** Events newest first, without duplicates. */
export function foldProgress(events: readonly EventBody[]): ShownEvent[] {
  const shown: ShownEvent[] = [];
  const seen = new Set<string>();
  // The index of the newest progress event of each run: events of other runs may come between.
  const steps = new Map<string, number>();
  for (const event of events) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    const run = event.run_id ?? '';
    const at = steps.get(run);
    const newer = at === undefined ? undefined : shown[at];
    if (event.type === 'run.progress' && at !== undefined && newer) {
      shown[at] = { ...newer, steps: newer.steps + 1 };
      continue;
    }
    if (event.type === 'run.progress') steps.set(run, shown.length);
    else steps.delete(run);
    shown.push({ ...event, steps: 1 });
  }
  return shown;
}

/**
 * The maximum number of live events kept in front of the first page; without it an open page would keep an hour of
 * them.
 */
export const MAX_PREPENDED = 1_000;

/** The page with a new event at its front; the same page if it contains the event or is full. */
export function prependEvent(items: EventBody[], event: EventBody): EventBody[] {
  return items.length >= MAX_PREPENDED || items.some((each) => each.id === event.id) ? items : [event, ...items];
}

/** The other data of an event as "key value" pairs; progress has its own display. */
export function detailsOf(data: EventBody['data']): string {
  return Object.entries(data)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' · ');
}
