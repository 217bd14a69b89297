import type { EventBody } from '@/lib/api/queries';

/** An event as the list shows it; steps of a run's progress that follow each other are one, the newest. */
export type ShownEvent = EventBody & { steps: number };

/** Newest first, as they are read; no event twice. */
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

/** The page with an event put in front of it; the same page if it has the event already, or as many as it may keep. */
export function prependEvent(items: EventBody[], event: EventBody): EventBody[] {
  return items.length >= MAX_PREPENDED || items.some((each) => each.id === event.id) ? items : [event, ...items];
}

/** The other data of an event as "key value" pairs; progress has its own display. */
export function detailsOf(data: EventBody['data']): string {
  return Object.entries(data)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' · ');
}
