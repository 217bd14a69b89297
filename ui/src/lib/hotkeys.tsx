'use client';

import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react';

export type Hotkey = {
  /** As in `KeyboardEvent.key`: `/`, `j`, `?`, `Enter`. */
  key: string;
  /** The label in the list of shortcuts. */
  label: string;
  run: () => void;
};

type Registry = { add: (hotkey: { current: Hotkey }) => () => void; list: () => Hotkey[] };
const HotkeyContext = createContext<Registry | null>(null);

const TYPING = 'input, textarea, select, [contenteditable=true], [role=dialog] *';

/** Single-key shortcuts. None fires while the user types or a dialog is open. */
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
      // The shortcut that was registered last is the innermost one.
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

/** A shortcut that is active while this component is mounted and `enabled`; a destructive one must ask first. */
export function useHotkey(key: string, label: string, run: () => void, enabled = true): void {
  const registry = useContext(HotkeyContext);
  const newest = useRef<Hotkey>({ key, label, run });
  useEffect(() => {
    newest.current = { key, label, run };
  });
  useEffect(() => (enabled ? registry?.add(newest) : undefined), [registry, enabled]);
}

/** The active shortcuts, for the dialog that `?` opens. */
export function useHotkeyList(): () => Hotkey[] {
  return useContext(HotkeyContext)?.list ?? (() => []);
}
