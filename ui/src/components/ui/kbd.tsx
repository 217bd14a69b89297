import type { ReactNode } from 'react';

/** A key's cap; hidden where there is no keyboard to speak of. */
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
