'use client';

import { memo, type ReactNode } from 'react';
import { Checkbox } from '@/components/ui/field';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';

const translations = defineTranslations(
  { one: (name: string) => `Select ${name}` },
  { one: (name: string) => `Pilih ${name}` },
);

export type Column<T> = {
  id: string;
  /** The header; a card shows it before the value. */
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

type Props<T> = {
  row: T;
  /** Its key. */
  name: string;
  index: number;
  columns: readonly Column<T>[];
  /** Undefined if rows cannot be selected. */
  isSelected: boolean | undefined;
  onToggle: (key: string) => void;
  className?: string;
  measure?: (element: HTMLElement | null) => void;
};

function Row<T>({ row, name, index, columns, isSelected, onToggle, className, measure }: Props<T>) {
  const t = useTranslations(translations);
  return (
    <div
      ref={measure}
      role="row"
      data-index={index}
      data-key={name}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={cn(
        ROW_CARD,
        'relative border-b last:border-b-0 focus-within:bg-hover hover:bg-hover lg:h-9 lg:py-0',
        ROW_GRID,
        isSelected && 'bg-selected',
        className,
      )}
    >
      {isSelected !== undefined && (
        <span role="cell" className="relative z-10 flex max-lg:absolute max-lg:top-3 max-lg:right-3.5">
          <Checkbox aria-label={t.one(name)} checked={isSelected} onChange={() => onToggle(name)} />
        </span>
      )}
      {columns.map((column) => (
        <Cell key={column.id} column={column} row={row} />
      ))}
    </div>
  );
}

/** A memoized row: a list of a thousand rows scrolls smoothly. */
export const TableRow = memo(Row) as typeof Row;

export const ROW_GRID = 'lg:grid lg:grid-cols-[var(--tracks)] xl:grid-cols-[var(--tracks-xl)] lg:items-center lg:gap-x-4 lg:px-3.5';
export const FROM_XL = 'lg:max-xl:hidden';
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
