/*
 * Going elsewhere by a script, as the palette and the single keys do: a page with unsaved edits may ask first.
 * Links need none of this; the page hears their clicks itself.
 */
type Guard = (go: () => void) => void;

let guard: Guard | null = null;

/** Navigate, unless the guard of the page asks first: then the guard navigates. */
export function requestNavigation(go: () => void): void {
  if (guard === null) go();
  else guard(go);
}

/** Set the guard that runs before navigations; returns a function that removes it. */
export function setNavigationGuard(ask: Guard): () => void {
  guard = ask;
  return () => {
    if (guard === ask) guard = null;
  };
}
