import type { ExternalToast } from 'sonner';

/*
 * Toasts. They are not part of a first paint: the library loads with the first toast, and components/lazy-toaster.tsx
 * shows them.
 */
type ShowToast = (title: string, options?: ExternalToast) => void;

let want = () => {};
let show = () => {};
const shown = new Promise<void>((resolve) => {
  show = resolve;
});

/** Called by the toaster: `onWanted` runs with the first toast. */
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
