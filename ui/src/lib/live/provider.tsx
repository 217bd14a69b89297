'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { EventBody } from '../queries';
import { LiveConnection, type LiveState } from './connection';

export type { LiveState } from './connection';

type Live = {
  state: LiveState;
  pause: () => void;
  resume: () => void;
  /** Hear every event of the stream; returns how to stop. */
  subscribe: (listener: (event: EventBody) => void) => () => void;
};

const LiveContext = createContext<Live>({
  state: 'connecting',
  pause: () => {},
  resume: () => {},
  subscribe: () => () => {},
});

/** One event stream for the tab: it patches and refreshes what queries hold, and says how it is doing. */
export function LiveProvider({ startId, children }: { startId: string | null; children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const connection = useRef<LiveConnection | null>(null);
  const firstId = useRef(startId);
  const listeners = useRef(new Set<(event: EventBody) => void>());

  useEffect(() => {
    const made = new LiveConnection(client, firstId.current, setState, (event) =>
      listeners.current.forEach((listener) => listener(event)),
    );
    connection.current = made;
    made.start();
    return () => made.close();
  }, [client]);

  const value = useMemo<Live>(
    () => ({
      state,
      pause: () => connection.current?.pause(),
      resume: () => connection.current?.resume(),
      subscribe: (listener) => {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [state],
  );
  return <LiveContext value={value}>{children}</LiveContext>;
}

export function useLive(): Live {
  return useContext(LiveContext);
}

/** Hear the events of the stream while mounted; the newest `listener` is the one that is called. */
export function useLiveEvents(listener: (event: EventBody) => void): void {
  const { subscribe } = useContext(LiveContext);
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  const subscribed = useRef(subscribe);
  useEffect(() => subscribed.current((event) => newest.current(event)), []);
}
