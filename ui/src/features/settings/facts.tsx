import type { ReactNode } from 'react';

/** Facts of a card: a name and its value a row. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-4 gap-y-2 px-3.5 py-3 text-sm">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-xs leading-5 text-text-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
