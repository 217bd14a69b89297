/*
 * Going elsewhere by a script, as the palette and the single keys do: a page with unsaved edits may ask first.
 * Links need none of this; the page hears their clicks itself.
 */
type Guard = (go: () => void) => void;

let guard: Guard | null = null;

/** Go on, unless the page wants to ask first: then it goes on itself. */
export function requestNavigation(go: () => void): void {
  if (guard === null) go();
  else guard(go);
}

/** Be asked before somebody leaves; returns how to stop that. */
export function setNavigationGuard(ask: Guard): () => void {
  guard = ask;
  return () => {
    if (guard === ask) guard = null;
  };
}
