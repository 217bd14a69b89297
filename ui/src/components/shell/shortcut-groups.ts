import type { Hotkey } from '@/lib/hotkeys';

export type ShortcutGroup = 'everywhere' | 'list' | 'page';
export type Shortcut = { keys: string; label: string };

const GROUP_OF: Record<string, ShortcutGroup> = { '?': 'everywhere', c: 'everywhere', '/': 'list', j: 'list', k: 'list', x: 'list' };

/** The active shortcuts, each once, by scope; the one that was registered last wins. */
export function groupShortcuts(hotkeys: readonly Hotkey[]): Record<ShortcutGroup, Shortcut[]> {
  const found: Record<ShortcutGroup, Shortcut[]> = { everywhere: [], list: [], page: [] };
  const newest = new Map(hotkeys.map((hotkey) => [hotkey.key.toLowerCase(), hotkey]));
  for (const [key, { label }] of newest) found[GROUP_OF[key] ?? 'page'].push({ keys: key.length === 1 ? key.toUpperCase() : key, label });
  return found;
}
