'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { useLive } from '@/lib/live/provider';
import type { RunDetail } from '@/lib/api/queries';
import { RUN_STATES } from '@/lib/run-states';
import { LogFollower } from './log-follower';

const RUNNING_MS = 1_000;
const WAITING_MS = 3_000;

/** The log of a run, followed while it is active and updates are not paused. */
export function useLog(run: RunDetail) {
  const [follower] = useState(() => new LogFollower(run.run_id));
  const [tries, setTries] = useState(0);
  const isUpdatePaused = useLive().state === 'paused';
  const everyMs = isUpdatePaused || !RUN_STATES[run.status].isActive ? null : run.status === 'running' ? RUNNING_MS : WAITING_MS;
  // One more read after the run has ended returns the last lines.
  useEffect(() => follower.follow(everyMs), [follower, everyMs, run.status, tries]);
  const state = useSyncExternalStore(follower.subscribe, follower.snapshot, follower.snapshot);
  return { ...state, isHeld: isUpdatePaused, retry: () => setTries((count) => count + 1) };
}
