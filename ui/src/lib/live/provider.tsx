'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useLang } from '../i18n';
import { useNow } from '../now';
import type { EventBody } from '@/lib/api/queries';
import { LiveConnection, type LiveState } from './connection';
import { HealthStore, isAway, useHealthOf, type Health } from './health';

export type { LiveState } from './connection';
export type { Health, Trouble } from './health';

type Live = {
  state: LiveState;
  pause: () => void;
  resume: () => void;
  /** Ask at once whether the API answers again. */
  retryNow: () => void;
  /** Subscribe to every event of the stream; returns a function that unsubscribes. */
  subscribe: (listener: (event: EventBody) => void) => () => void;
};

const LiveContext = createContext<Live>({
  state: 'connecting',
  pause: () => {},
  resume: () => {},
  retryNow: () => {},
  subscribe: () => () => {},
});
const HealthContext = createContext(new HealthStore());

/** The event stream of the tab: it patches and refreshes queries, and exposes the connection state. */
export function LiveProvider({ startId, children }: { startId: string | null; children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const connection = useRef<LiveConnection | null>(null);
  const firstId = useRef(startId);
  const listeners = useRef(new Set<(event: EventBody) => void>());
  const [health] = useState(() => new HealthStore());

  useEffect(() => {
    const opened = new LiveConnection(client, firstId.current, health, setState, (event) =>
      listeners.current.forEach((listener) => listener(event)),
    );
    connection.current = opened;
    opened.start();
    return () => opened.close();
  }, [client, health]);

  const lang = useLang();
  const streamLang = useRef(lang);
  useEffect(() => {
    if (streamLang.current === lang) return;
    streamLang.current = lang;
    connection.current?.switchLanguage();
  }, [lang]);

  const value = useMemo<Live>(
    () => ({
      state,
      pause: () => connection.current?.pause(),
      resume: () => connection.current?.resume(),
      retryNow: () => connection.current?.retryNow(),
      subscribe: (listener) => {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [state],
  );
  return (
    <HealthContext value={health}>
      <LiveContext value={value}>{children}</LiveContext>
    </HealthContext>
  );
}

export function useLive(): Live {
  return useContext(LiveContext);
}

/** A part of how current the page is; the component is drawn again only if that part changes. */
export function useHealth<T extends string | number | boolean | null>(part: (health: Health) => T): T {
  return useHealthOf(useContext(HealthContext), part);
}

const troubleSince = (health: Health): number | null => (health.trouble === null ? null : health.since);
const awaySince = (health: Health): number | null => (isAway(health.trouble) ? health.since : null);

/** Since when the page cannot be current, in epoch milliseconds; null while it can. */
export function useStaleSince(): number | null {
  return useHealth(troubleSince);
}

/** A polled state is unknown if it was not confirmed for this long. */
const UNKNOWN_AFTER_MS = 15_000;

/** Since when a state that was read at `readAt` is not confirmed any more, in epoch milliseconds; null while it is. */
export function useUnknownSince(readAt: number): number | null {
  const away = useHealth(awaySince);
  const now = useNow();
  if (away !== null) return away;
  // The server's data carry the time of its clock, which may be behind: the page is older than no read.
  const known = typeof performance === 'undefined' ? readAt : Math.max(readAt, performance.timeOrigin);
  return readAt > 0 && now - known > UNKNOWN_AFTER_MS ? known : null;
}

/** Subscribe to events while mounted; always calls the newest `listener`. */
export function useLiveEvents(listener: (event: EventBody) => void): void {
  const { subscribe } = useContext(LiveContext);
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  const subscribed = useRef(subscribe);
  useEffect(() => subscribed.current((event) => newest.current(event)), []);
}
