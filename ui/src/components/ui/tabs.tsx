'use client';

import { Link } from '@/components/ui/link';
import { usePathname, useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

export type Tab<T extends string> = { value: T; label: ReactNode; count?: ReactNode };

type Props<T extends string> = {
  label: string;
  tabs: readonly Tab<T>[];
  value: T;
  /** The search parameter that a tab sets; the first tab clears it. */
  param?: string;
};

/** Tabs that are links: the URL holds the choice, so back, forward and a copied address keep it. */
export function Tabs<T extends string>({ label, tabs, value, param = 'tab' }: Props<T>) {
  const pathname = usePathname();
  const search = useSearchParams();
  const href = (tab: T) => {
    const next = new URLSearchParams(search);
    if (tab === tabs[0]?.value) next.delete(param);
    else next.set(param, tab);
    const text = next.toString();
    return text ? `${pathname}?${text}` : pathname;
  };
  return (
    <nav aria-label={label} className="flex gap-4 overflow-x-auto border-b">
      {tabs.map((tab) => {
        const isCurrent = tab.value === value;
        return (
          <Link
            key={tab.value}
            href={href(tab.value)}
            scroll={false}
            aria-current={isCurrent ? 'page' : undefined}
            className={cn(
              '-mb-px flex items-center gap-1.5 border-b-2 py-2 font-medium whitespace-nowrap',
              isCurrent ? 'border-ink text-text' : 'border-transparent text-text-2 hover:text-text',
            )}
          >
            {tab.label}
            {tab.count !== undefined && <span className="text-xs font-normal text-text-3">{tab.count}</span>}
          </Link>
        );
      })}
    </nav>
  );
}
