'use client';

import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import type { useRunList } from '@/components/run-table/use-run-list';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { searchTranslations } from './search-translations';

type Props = { search: NonNullable<ReturnType<typeof useRunList>['search']>; isPending: boolean; isText: boolean };

/** The progress and the number of results of a search; it can be stopped and continued. */
export function SearchProgress({ search, isPending, isText }: Props) {
  const t = useTranslations(searchTranslations);
  const lang = useLang();
  const { searched, total, found, isHeld, isSearching, error } = search;
  const number = (value: number) => formatNumber(value, lang);
  // Without a query, a list in which every record matches is not a search.
  if (isPending || (!isText && searched === found && !isHeld)) return null;
  const isDone = searched >= total;
  const figures = isSearching ? t.searching(number(searched), number(total)) : isDone ? t.searchedAll(number(total)) : t.searched(number(searched), number(total));
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3.5 py-1.5 text-xs text-text-2">
      {isSearching && <Spinner />}
      <span className="whitespace-nowrap tabular-nums">{figures}</span>
      {(isSearching || isHeld) && (
        <progress value={searched} max={Math.max(total, 1)} aria-label={t.progress} className="h-1 w-28 accent-ink" />
      )}
      <span className="whitespace-nowrap">{t.found(number(found), found === 1)}</span>
      {error && <span className="text-tone-text tone-fail">{error.message}</span>}
      {isSearching && (
        <Button size="small" variant="ghost" onClick={search.stop}>
          {t.stop}
        </Button>
      )}
      {isHeld && (
        <Button size="small" onClick={search.resume}>
          {t.goOn}
        </Button>
      )}
      <span role="status" className="sr-only">
        {isSearching ? '' : `${figures} ${t.found(number(found), found === 1)}`}
      </span>
    </div>
  );
}
