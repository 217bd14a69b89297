'use client';

import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react';

export type Hotkey = {
  /** As `KeyboardEvent.key` says it: `/`, `j`, `?`, `Enter`. */
  key: string;
  /** What it does, for the sheet of keys. */
  label: string;
  run: () => void;
};

type Registry = { add: (hotkey: { current: Hotkey }) => () => void; list: () => Hotkey[] };
const HotkeyContext = createContext<Registry | null>(null);

const TYPING = 'input, textarea, select, [contenteditable=true], [role=dialog] *';

/** Single keys of the page; none fires while somebody types or a dialog is open. */
export function HotkeyProvider({ children }: { children: ReactNode }) {
  const registry = useMemo(() => {
    const hotkeys = new Set<{ current: Hotkey }>();
    return {
      add: (hotkey: { current: Hotkey }) => {
        hotkeys.add(hotkey);
        return () => hotkeys.delete(hotkey);
      },
      list: () => [...hotkeys].map((each) => each.current),
    };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(TYPING)) return;
      if (document.querySelector('[role=dialog][data-state=open]')) return;
      // The one that was added last is nearest to what is looked at.
      const found = registry.list().findLast((each) => each.key.toLowerCase() === event.key.toLowerCase());
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [registry]);
  return <HotkeyContext value={registry}>{children}</HotkeyContext>;
}

/** A key that works while this is mounted and `enabled`; what destroys something must ask first. */
export function useHotkey(key: string, label: string, run: () => void, enabled = true): void {
  const registry = useContext(HotkeyContext);
  const newest = useRef<Hotkey>({ key, label, run });
  useEffect(() => {
    newest.current = { key, label, run };
  });
  useEffect(() => (enabled ? registry?.add(newest) : undefined), [registry, enabled]);
}

/** The keys that work right now, for the sheet that `?` opens. */
export function useHotkeyList(): () => Hotkey[] {
  return useContext(HotkeyContext)?.list ?? (() => []);
}
