import type { EventBody } from '@/lib/api/queries';

const REMEMBER_MS = 5_000;
const MAX_REMEMBERED = 500;

/** The events of the last seconds: an answer that was under way meanwhile may be older than they are. */
export class RecentEvents {
  private kept: { event: EventBody; until: number }[] = [];

  add(events: readonly EventBody[]): void {
    const until = performance.now() + REMEMBER_MS;
    // A page that stays open must not keep an hour of events: events over the bound are dropped here, not at the next read.
    this.kept = [...this.kept, ...events.slice(-MAX_REMEMBERED).map((event) => ({ event, until }))].slice(-MAX_REMEMBERED);
  }

  /** Those that are not older than five seconds, oldest first. */
  list(): EventBody[] {
    const now = performance.now();
    this.kept = this.kept.filter((each) => each.until > now);
    return this.kept.map((each) => each.event);
  }
}
