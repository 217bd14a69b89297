import { useSyncExternalStore } from 'react';

/**
 * Why the page is not current. offline: the browser has no network · dashboard: our server does not answer ·
 * api_away: it cannot connect to the API · api_hung: the API accepts and does not answer · api_unwell: it answers
 * that it cannot work · redis: it answers, and waits for Redis.
 */
export type Trouble = 'offline' | 'dashboard' | 'api_away' | 'api_hung' | 'api_unwell' | 'redis';

/** Whether reads get no answer at all, so that none is sent; an API that cannot work still answers. */
export function isAway(trouble: Trouble | null): boolean {
  return trouble !== null && trouble !== 'redis' && trouble !== 'api_unwell';
}

export type Health = {
  trouble: Trouble | null;
  /** The API's reason; empty if it gave none. */
  detail: string;
  /** The time of the first check without a response, in epoch milliseconds; 0 if all is well. */
  since: number;
  /** Up to when the page shows everything that happened, in epoch milliseconds; 0 before it has shown anything. */
  freshAt: number;
  isTrying: boolean;
  /** The time of the next automatic check, in epoch milliseconds; 0 if all is well. */
  retryAt: number;
};

export const UNKNOWN_HEALTH: Health = { trouble: null, detail: '', since: 0, freshAt: 0, isTrying: false, retryAt: 0 };

/** The health of one tab. It changes every two seconds, so only components that show it read it. */
export class HealthStore {
  private readonly listeners = new Set<() => void>();
  private health = UNKNOWN_HEALTH;

  readonly get = (): Health => this.health;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(change: Partial<Health>): void {
    this.health = { ...this.health, ...change };
    this.listeners.forEach((listener) => listener());
  }

  /** The shown data were complete at this moment; an earlier moment changes nothing. */
  freshen(at: number): void {
    if (at > this.health.freshAt) this.set({ freshAt: at });
  }
}

/** A part of the health; the component is drawn again only if that part has changed. */
export function useHealthOf<T extends string | number | boolean | null>(store: HealthStore, part: (health: Health) => T): T {
  return useSyncExternalStore(store.subscribe, () => part(store.get()), () => part(UNKNOWN_HEALTH));
}
