'use client';

import { useRouter } from 'next/navigation';
import { useState, type KeyboardEvent } from 'react';

/** Keyboard for a row of runs: arrow keys, Home and End choose a bar, Enter opens its run. */
export function useBarNavigation(runs: readonly { run_id: string }[]) {
  const router = useRouter();
  const [active, setActive] = useState<number | null>(null);
  const open = (run: { run_id: string } | undefined) => run && router.push(`/runs/${encodeURIComponent(run.run_id)}`);
  const onKeyDown = (event: KeyboardEvent) => {
    const from = active ?? runs.length;
    const last = runs.length - 1;
    const next = { ArrowLeft: Math.max(0, from - 1), ArrowRight: Math.min(last, from + 1), Home: 0, End: last }[event.key];
    if (next !== undefined && last >= 0) setActive(next);
    else if (event.key === 'Enter' && active !== null) open(runs[active]);
    else return;
    event.preventDefault();
  };
  return { active, setActive, open, onKeyDown, onBlur: () => setActive(null) };
}
