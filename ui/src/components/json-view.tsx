'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';

const translations = defineTranslations(
  {
    copy: 'Copy as JSON',
    items: (n: string, one: boolean) => (one ? '1 item' : `${n} items`),
    keys: (n: string, one: boolean) => (one ? '1 field' : `${n} fields`),
    more: (n: string) => `Show ${n} more`,
    whole: 'Show all of it',
  },
  {
    copy: 'Salin sebagai JSON',
    items: (n: string) => `${n} butir`,
    keys: (n: string) => `${n} isian`,
    more: (n: string) => `Tampilkan ${n} lagi`,
    whole: 'Tampilkan semuanya',
  },
);

/** The number of levels that are open at first; deeper levels are rendered when they open. */
const OPEN_LEVELS = 2;
const PART = 100;
const LONG_TEXT = 1_000;
const INDENT = 2;

/** A JSON value as a tree that folds, with a button that copies it whole. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const t = useTranslations(translations);
  return (
    <div role="group" aria-label={label} className="relative min-w-0 font-mono text-xs leading-5">
      <div className="absolute top-0 right-0">
        <CopyButton text={JSON.stringify(value, null, INDENT)} label={t.copy} />
      </div>
      <div className="overflow-x-auto pr-7 pl-4">
        <Node value={value} depth={0} />
      </div>
    </div>
  );
}

function Node({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  if (typeof value === 'object' && value !== null) return <Branch name={name} value={value} depth={depth} />;
  return (
    <div className={cn('flex min-w-0 items-start', depth > 0 && 'pl-4')}>
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

function Name({ name }: { name?: string }) {
  return name === undefined ? null : <span className="shrink-0 pr-1.5 text-text-2">{name}:</span>;
}

function Leaf({ value }: { value: unknown }) {
  const t = useTranslations(translations);
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== 'string') return <span className="font-medium">{String(value)}</span>;
  const isCut = value.length > LONG_TEXT && !isWhole;
  return (
    <span className="min-w-0 break-words whitespace-pre-wrap">
      <span aria-hidden className="text-text-3">
        “
      </span>
      {isCut ? `${value.slice(0, LONG_TEXT)}…` : value}
      <span aria-hidden className="text-text-3">
        ”
      </span>
      {isCut && <More label={t.whole} onClick={() => setWhole(true)} />}
    </span>
  );
}

function Branch({ name, value, depth }: { name?: string; value: object; depth: number }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const [isOpen, setOpen] = useState(depth < OPEN_LEVELS);
  const [count, setCount] = useState(PART);
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const size = (isList ? t.items : t.keys)(formatNumber(entries.length, lang), entries.length === 1);
  const rest = entries.length - count;
  return (
    <div className={cn(depth > 0 && 'pl-4')}>
      {entries.length === 0 ? (
        <div className="flex">
          <Name name={name} />
          <span className="text-text-3">{isList ? '[]' : '{}'}</span>
        </div>
      ) : (
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="-ml-4 flex items-center rounded-[4px] pr-1 hover:bg-hover"
        >
          <ChevronRight aria-hidden className={cn('mx-0.5 size-3 text-text-3', isOpen && 'rotate-90')} />
          <Name name={name} />
          <span className="text-text-3">
            {isList ? '[' : '{'}
            {isOpen ? '' : '…'}
            {isOpen ? '' : isList ? ']' : '}'} <span className="font-sans">{size}</span>
          </span>
        </button>
      )}
      {isOpen && entries.slice(0, count).map(([key, each]) => <Node key={key} name={key} value={each} depth={depth + 1} />)}
      {isOpen && rest > 0 && (
        <div className="pl-4">
          <More label={t.more(formatNumber(Math.min(rest, PART), lang))} onClick={() => setCount(count + PART)} />
        </div>
      )}
    </div>
  );
}

function More({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" onClick={onClick} className="rounded-[4px] px-1 font-sans text-text-2 underline underline-offset-2 hover:text-text">
      {label}
    </button>
  );
}
