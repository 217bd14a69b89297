'use client';

import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';

/** The words of the prompt that are highlighted: those of a role, or a stretch in code points. */
export type Highlight = { role: string } | { start: number; end: number };

type Value = { highlight: Highlight | null; setHighlight: (highlight: Highlight | null) => void };
const HighlightContext = createContext<Value>({ highlight: null, setHighlight: () => {} });

/** The prompt, its legend and the notes of a plan share one highlight. */
export function HighlightProvider({ children }: { children: ReactNode }) {
  const [highlight, setHighlight] = useState<Highlight | null>(null);
  const value = useMemo(() => ({ highlight, setHighlight }), [highlight]);
  return <HighlightContext value={value}>{children}</HighlightContext>;
}

export function useHighlight(): Value {
  return useContext(HighlightContext);
}
