'use client';

import { Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { pairLines, pointerName, toDifferences, type LinePair } from './diff-lines';

const translations = defineTranslations(
  { field: 'Field', before: 'Before', after: 'After', none: 'not set', same: 'No field differs.' },
  { field: 'Kolom', before: 'Sebelum', after: 'Sesudah', none: 'tidak ada', same: 'Tidak ada kolom yang berbeda.' },
);

const GRID = 'sm:grid sm:grid-cols-[minmax(156px,1fr)_minmax(0,1.4fr)_minmax(0,1.4fr)] sm:gap-x-4';
const MARK = { before: Minus, after: Plus };

const SHORT_CHARS = 60;

/** JSON on one line if it is short, else on several. */
function shortJson(value: unknown): string {
  const line = JSON.stringify(value);
  return line.length <= SHORT_CHARS ? line : JSON.stringify(value, null, 2);
}

/** A value as a spec shows it: strings without quotes, everything else as JSON. */
function Value({ value, side }: { value: unknown; side: 'before' | 'after' }) {
  const t = useTranslations(translations);
  const Icon = MARK[side];
  if (value === null || value === undefined) return <span className="text-text-3">{t.none}</span>;
  const text = typeof value === 'string' ? value : shortJson(value);
  return (
    <span className={cn('inline-flex max-w-full items-start gap-1 rounded-[4px] bg-tone-bg px-1 font-mono text-xs text-tone-text', side === 'before' ? 'tone-fail' : 'tone-ok')}>
      <Icon aria-hidden className="mt-0.5 size-3 shrink-0" />
      <span className="min-w-0 break-words whitespace-pre-wrap">{text}</span>
    </span>
  );
}

/** The fields that differ, one row each: before and after. Accepts both forms of the API. */
export function FieldDiff({ changes, className }: { changes: Parameters<typeof toDifferences>[0]; className?: string }) {
  const t = useTranslations(translations);
  const rows = toDifferences(changes);
  if (rows.length === 0) return <p className={cn('text-xs text-text-3', className)}>{t.same}</p>;
  return (
    <div role="table" aria-rowcount={rows.length + 1} className={cn('min-w-0', className)}>
      <div role="row" className={cn('hidden border-b pb-1 text-2xs text-text-3', GRID)}>
        <span role="columnheader">{t.field}</span>
        <span role="columnheader">{t.before}</span>
        <span role="columnheader">{t.after}</span>
      </div>
      {rows.map((row) => (
        <div key={row.pointer} role="row" className={cn('grid gap-1 border-b py-1.5 last:border-b-0', GRID)}>
          <span role="rowheader" className="min-w-0 font-mono text-xs break-words text-text-2">
            {pointerName(row.pointer)}
          </span>
          <span role="cell" className="min-w-0">
            <Value value={row.before} side="before" />
          </span>
          <span role="cell" className="min-w-0">
            <Value value={row.after} side="after" />
          </span>
        </div>
      ))}
    </div>
  );
}

const LINE = 'flex min-w-0 gap-1.5 px-3 font-mono text-xs break-words whitespace-pre-wrap';

function Line({ text, kind, className }: { text: string | null; kind: 'same' | 'before' | 'after'; className?: string }) {
  const Icon = kind === 'same' ? null : MARK[kind];
  if (text === null) return <span aria-hidden className={cn('hidden bg-raised md:block', className)} />;
  return (
    <span className={cn(LINE, kind === 'before' && 'bg-tone-bg text-tone-text tone-fail', kind === 'after' && 'bg-tone-bg text-tone-text tone-ok', className)}>
      <span className="w-3 shrink-0">{Icon && <Icon aria-hidden className="mt-0.5 size-3" />}</span>
      <span className="min-w-0">{text}</span>
    </span>
  );
}

function Pair({ pair }: { pair: LinePair }) {
  const kind = (side: 'before' | 'after') => (pair.isSame ? 'same' : side);
  return (
    <>
      <Line text={pair.before} kind={kind('before')} className="md:border-r" />
      {/* Narrow screens show the two sides one below the other, and an equal line once. */}
      <Line text={pair.after} kind={kind('after')} className={pair.isSame ? 'hidden md:flex' : undefined} />
    </>
  );
}

type SideBySideProps = { before: unknown; after: unknown; beforeLabel?: ReactNode; afterLabel?: ReactNode };

/** Two JSON documents side by side with the differences marked on both sides. */
export function SideBySide({ before, after, beforeLabel, afterLabel }: SideBySideProps) {
  const t = useTranslations(translations);
  return (
    <div className="grid min-w-0 md:grid-cols-2" role="group" aria-label={`${t.before} / ${t.after}`}>
      <p className="hidden border-r border-b px-3 py-1.5 text-xs font-medium text-text-2 md:block">{beforeLabel ?? t.before}</p>
      <p className="hidden border-b px-3 py-1.5 text-xs font-medium text-text-2 md:block">{afterLabel ?? t.after}</p>
      {pairLines(before, after).map((pair, at) => (
        <Pair key={at} pair={pair} />
      ))}
    </div>
  );
}
