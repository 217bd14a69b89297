'use client';

import { useEffect, useState } from 'react';
import { useNow } from './now';

const STEP_MS = 200;

/** The current time: every 200 ms while `isGrowing`, else every second. */
export function useFastNow(isGrowing: boolean): number {
  const coarse = useNow();
  const [fine, setFine] = useState(0);
  useEffect(() => {
    if (!isGrowing) return undefined;
    const timer = setInterval(() => setFine(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, [isGrowing]);
  return isGrowing ? Math.max(coarse, fine) : coarse;
}
