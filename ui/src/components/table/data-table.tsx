'use client';

import { useCallback, useEffect, useRef, type CSSProperties } from 'react';
import { Checkbox } from '@/components/ui/field';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useRowHotkeys } from './use-row-hotkeys';
import { useVirtualRows } from './use-virtual-rows';
import { FROM_XL, ROW_GRID, TableRow, type Column } from './table-row';

export type { Column } from './table-row';

const translations = defineTranslations(
  { all: 'Select all that are loaded', more: 'Loading more…' },
  { all: 'Pilih semua yang dimuat', more: 'Memuat lagi…' },
);

export type Selection = { selected: ReadonlySet<string>; onChange: (selected: Set<string>) => void };

type Props<T> = {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  selection?: Selection;
  /** A marker at the edge of the row, such as "selected". */
  rowClass?: (row: T) => string | undefined;
  /** Reads the next page; called when its end comes near. */
  onEnd?: () => void;
  isLoadingMore?: boolean;
};

/**
 * A table; below 1024 px a list of cards. Long tables are virtual. Enter opens the first link of a row; `j` and `k`
 * move, `x` selects.
 */
export function DataTable<T>({ label, columns, rows, rowKey, selection, rowClass, onEnd, isLoadingMore }: Props<T>) {
  const t = useTranslations(translations);
  const body = useRef<HTMLDivElement>(null);
  const { items, paddingTop, paddingBottom, measure, scrollTo } = useVirtualRows(rows.length, body, onEnd);
  useRowHotkeys({
    body,
    count: rows.length,
    scrollTo,
    toggle: selection && ((index) => rows[index] !== undefined && toggle(selection, rowKey(rows[index]))),
  });
  const latest = useRef(selection);
  useEffect(() => {
    latest.current = selection;
  });
  const onToggle = useCallback((key: string) => latest.current && toggle(latest.current, key), []);
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
            <TableRow
              key={key}
              row={row}
              name={key}
              index={index}
              columns={columns}
              isSelected={selection && selection.selected.has(key)}
              onToggle={onToggle}
              className={rowClass?.(row)}
              measure={measure}
            />
          );
        })}
      </div>
      {isLoadingMore && <p className="px-3.5 py-2 text-center text-xs text-text-3">{t.more}</p>}
    </div>
  );
}

function toggle(selection: Selection, key: string): void {
  const next = new Set(selection.selected);
  if (!next.delete(key)) next.add(key);
  selection.onChange(next);
}

/** The link that covers a whole row; other controls are above it. */
export const ROW_LINK = 'after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus';
