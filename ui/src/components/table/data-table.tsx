'use client';

import { useRef, type CSSProperties, type ReactNode } from 'react';
import { Checkbox } from '@/components/ui/field';
import { cn } from '@/lib/cn';
import { defineWords, useWords } from '@/lib/i18n';
import { useRowKeys } from './row-keys';
import { useRows } from './rows';

const words = defineWords(
  { all: 'Select all that are loaded', one: (name: string) => `Select ${name}`, more: 'Loading more…' },
  { all: 'Pilih semua yang dimuat', one: (name: string) => `Pilih ${name}`, more: 'Memuat lagi…' },
);

export type Column<T> = {
  id: string;
  /** What the head says; in a card it stands before the value. */
  header: ReactNode;
  cell: (row: T) => ReactNode;
  /** A grid track: `96px`, `minmax(0,1fr)`. */
  width: string;
  align?: 'end';
  /** Left out of a table that is narrower than 1280 px; a card keeps it. */
  from?: 'xl';
  /** In the card of a narrow screen: its first line, a labelled value, the whole width, or left out. */
  card?: 'title' | 'value' | 'wide' | 'hidden';
};

export type Selection = { selected: ReadonlySet<string>; onChange: (selected: Set<string>) => void };

type Props<T> = {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  selection?: Selection;
  /** A state beside the row's edge, such as one that is chosen. */
  rowClass?: (row: T) => string | undefined;
  /** Reads the next page; called when its end comes near. */
  onEnd?: () => void;
  isLoadingMore?: boolean;
};

/**
 * A table that is a list of cards below 1024 px, and virtual where it is long. Its first link in a row is what
 * Enter opens; `j` and `k` move, `x` selects.
 */
export function DataTable<T>({ label, columns, rows, rowKey, selection, rowClass, onEnd, isLoadingMore }: Props<T>) {
  const t = useWords(words);
  const body = useRef<HTMLDivElement>(null);
  const { items, paddingTop, paddingBottom, measure, scrollTo } = useRows(rows.length, body, onEnd);
  useRowKeys({
    body,
    count: rows.length,
    scrollTo,
    toggle: selection && ((index) => rows[index] !== undefined && toggle(selection, rowKey(rows[index]))),
  });
  const tracksOf = (shown: readonly Column<T>[]) =>
    [...(selection ? ['16px'] : []), ...shown.map((column) => column.width)].join(' ');
  const tracks = {
    '--tracks': tracksOf(columns.filter((column) => column.from === undefined)),
    '--tracks-xl': tracksOf(columns),
  } as CSSProperties;
  const isAllSelected = rows.length > 0 && rows.every((row) => selection?.selected.has(rowKey(row)));

  return (
    <div role="table" aria-label={label} aria-rowcount={rows.length + 1} style={tracks}>
      <div role="rowgroup" className="hidden lg:block">
        <div role="row" aria-rowindex={1} className={cn(ROW_GRID, 'border-b text-xs font-medium text-text-3')}>
          {selection && (
            <span role="columnheader" className="flex">
              <Checkbox
                aria-label={t.all}
                checked={isAllSelected}
                onChange={() => selection.onChange(new Set(isAllSelected ? [] : rows.map(rowKey)))}
              />
            </span>
          )}
          {columns.map((column) => (
            <span key={column.id} role="columnheader" className={cn('truncate py-2', column.align === 'end' && 'text-right', column.from && FROM_XL)}>
              {column.header}
            </span>
          ))}
        </div>
      </div>
      <div ref={body} role="rowgroup" style={{ paddingTop, paddingBottom }}>
        {items.map(({ index }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const key = rowKey(row);
          return (
            <div
              key={key}
              ref={measure}
              role="row"
              data-index={index}
              data-key={key}
              aria-rowindex={index + 2}
              aria-selected={selection ? selection.selected.has(key) : undefined}
              className={cn(
                ROW_CARD,
                'relative border-b last:border-b-0 focus-within:bg-hover hover:bg-hover lg:h-9 lg:py-0',
                ROW_GRID,
                selection?.selected.has(key) && 'bg-selected',
                rowClass?.(row),
              )}
            >
              {selection && (
                <span role="cell" className="relative z-10 flex max-lg:absolute max-lg:top-3 max-lg:right-3.5">
                  <Checkbox
                    aria-label={t.one(key)}
                    checked={selection.selected.has(key)}
                    onChange={() => toggle(selection, key)}
                  />
                </span>
              )}
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </div>
          );
        })}
      </div>
      {isLoadingMore && <p className="px-3.5 py-2 text-center text-xs text-text-3">{t.more}</p>}
    </div>
  );
}

const ROW_GRID = 'lg:grid lg:grid-cols-[var(--tracks)] xl:grid-cols-[var(--tracks-xl)] lg:items-center lg:gap-x-4 lg:px-3.5';
const FROM_XL = 'lg:max-xl:hidden';
const ROW_CARD = 'grid grid-cols-2 gap-x-4 gap-y-1 px-3.5 py-2.5';
const CARD_PLACES = {
  title: 'col-span-2',
  wide: 'col-span-2',
  value: 'flex items-baseline gap-1.5',
  hidden: 'max-lg:hidden',
};

function Cell<T>({ column, row }: { column: Column<T>; row: T }) {
  const place = column.card ?? 'value';
  return (
    <div role="cell" className={cn('min-w-0', CARD_PLACES[place], 'lg:col-auto lg:block lg:truncate', column.align === 'end' && 'lg:text-right', column.from && FROM_XL)}>
      {place === 'value' && (
        <span aria-hidden className="shrink-0 text-xs text-text-3 lg:hidden">
          {column.header}
        </span>
      )}
      {column.cell(row)}
    </div>
  );
}

function toggle(selection: Selection, key: string): void {
  const next = new Set(selection.selected);
  if (!next.delete(key)) next.add(key);
  selection.onChange(next);
}

/** The link that a whole row is: it covers the row, and other controls stand above it. */
export const ROW_LINK = 'after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus';
