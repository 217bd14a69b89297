'use client';

import { useQuery } from '@tanstack/react-query';
import { Link } from '@/components/ui/link';
import { usePathname } from 'next/navigation';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { Can, useIsLimited } from '@/lib/session';
import { TONE_CLASS, type Tone } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import { Brand } from './brand';
import { NAV, isCurrent, navTranslations, type NavWord } from './nav';

type Count = { value: number; tone?: Tone };

/** The counts of the navigation items; a coloured count needs a person. */
function useCounts(): Partial<Record<NavWord, Count>> {
  const workers = useQuery(queries.workers());
  const queue = useQuery(queries.queue());
  const connectors = useQuery(queries.connectors());
  const incidents = useQuery(queries.incidentSummary()).data?.open;
  const down = connectors.data
    ?.flatMap((channel) => channel.accounts)
    .filter((account) => account.enabled && account.health && account.health.state !== 'up').length;
  return {
    ...(incidents ? { incidents: { value: incidents, tone: 'fail' } } : {}),
    ...(workers.data ? { workers: { value: workers.data.length, tone: workers.data.length ? undefined : 'fail' } } : {}),
    ...(queue.data?.dead_letters ? { deadLetters: { value: queue.data.dead_letters, tone: 'fail' } } : {}),
    ...(down ? { connectors: { value: down, tone: 'fail' } } : {}),
  };
}

/** The navigation; `onNavigate` closes the sheet that contains it on narrow screens. */
export function SidebarNav({ onNavigate }: { onNavigate?: () => void }) {
  const t = useTranslations(navTranslations);
  const lang = useLang();
  const pathname = usePathname();
  const counts = useCounts();
  const isLimited = useIsLimited();
  return (
    <nav aria-label="multi-job" className="grid gap-0.5">
      {NAV.map((group) => (
        <div key={group.word ?? 'top'} className="grid gap-0.5">
          {group.word && <p className="px-2 pt-3.5 pb-1 text-2xs font-medium text-text-3">{t[group.word]}</p>}
          {group.items.filter((item) => !(item.isWhole && isLimited)).map((item) => {
            const current = isCurrent(item.href, pathname);
            const count = counts[item.word];
            return (
              <Can key={item.href} role={item.role ?? 'viewer'}>
                <Link
                  href={item.href}
                  onClick={onNavigate}
                  aria-current={current ? 'page' : undefined}
                  className={cn(
                    'flex h-[30px] items-center gap-2 rounded-control px-2 font-medium',
                    current ? 'bg-selected text-text' : 'text-text-2 hover:bg-hover hover:text-text',
                  )}
                >
                  <item.icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
                  <span className="truncate">{t[item.word]}</span>
                  {count && (
                    <span
                      className={cn(
                        'ml-auto text-2xs',
                        count.tone ? cn('text-tone-text', TONE_CLASS[count.tone]) : 'text-text-3',
                      )}
                    >
                      {formatNumber(count.value, lang)}
                    </span>
                  )}
                </Link>
              </Can>
            );
          })}
        </div>
      ))}
    </nav>
  );
}

export function Sidebar() {
  return (
    <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col overflow-y-auto border-r px-2 py-3 lg:flex">
      <div className="pb-2">
        <Brand />
      </div>
      <SidebarNav />
    </aside>
  );
}
