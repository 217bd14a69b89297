import type { ReactNode } from 'react';

/** A keyboard key; hidden on devices without a keyboard. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd
      aria-hidden
      className="hidden rounded-[4px] border border-current/25 px-1 font-sans text-2xs leading-4 font-medium lg:inline-block"
    >
      {children}
    </kbd>
  );
}
