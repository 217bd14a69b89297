import type { ExternalToast } from 'sonner';

/*
 * Short words at the page's edge. They are no part of a first paint: the library is read when the first one is
 * said, and components/toasts.tsx shows them from then on.
 */
type ShowToast = (title: string, options?: ExternalToast) => void;

let want = () => {};
let show = () => {};
const shown = new Promise<void>((resolve) => {
  show = resolve;
});

/** Called by what shows them: `onWanted` when the first is said. */
export function watchToasts(onWanted: () => void): () => void {
  want = onWanted;
  return () => {
    want = () => {};
  };
}

/** Called once they can be seen. */
export function toastsShown(): void {
  show();
}

function showToast(kind: 'success' | 'error'): ShowToast {
  return (title, options) => {
    want();
    void Promise.all([import('sonner'), shown]).then(([{ toast: library }]) => library[kind](title, options));
  };
}

export const toast = { success: showToast('success'), error: showToast('error') };
