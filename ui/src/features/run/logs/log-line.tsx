'use client';

import { ChevronRight } from 'lucide-react';
import { cn } from '@/lib/cn';
import { useTranslations } from '@/lib/i18n';
import { formatLogClock } from '@/lib/time';
import { fieldsText, splitMatches } from './log-lines';
import type { SourcedLine } from './run-lines';
import { logTranslations } from './translations';

const LEVEL_LOOKS: Record<string, { name: string; level: string; row?: string }> = {
  debug: { name: 'DEBUG', level: 'text-text-3' },
  info: { name: 'INFO', level: 'text-text-2' },
  warning: { name: 'WARN', level: 'font-medium text-tone-text tone-retry' },
  error: { name: 'ERROR', level: 'font-medium text-tone-text', row: 'bg-tone-bg tone-fail' },
  critical: { name: 'CRIT', level: 'font-medium text-tone-text', row: 'bg-tone-bg tone-fail' },
};
const INDENT = 2;

type Props = {
  line: SourcedLine;
  zone: string;
  words: string;
  isWrapped: boolean;
  isCurrent: boolean;
  isOpen: boolean;
  onToggle: (cursor: string) => void;
};

/** One log line: time, level, source, message, fields; a click expands the fields. */
export function LogLineRow({ line, zone, words, isWrapped, isCurrent, isOpen, onToggle }: Props) {
  const t = useTranslations(logTranslations);
  const look = LEVEL_LOOKS[line.level] ?? { name: line.level.toUpperCase(), level: 'text-text-2' };
  const fields = fieldsText(line.fields);
  return (
    <div className={cn('px-3.5', look.row, isCurrent && 'outline -outline-offset-1 outline-focus')}>
      <div className={cn('flex items-start gap-3 leading-5', isWrapped && 'max-sm:flex-wrap max-sm:gap-y-0')}>
        <time dateTime={line.at} className="shrink-0 text-text-3">
          {formatLogClock(line.at, zone)}
        </time>
        <span className={cn('w-10 shrink-0', look.level)}>{look.name}</span>
        <span data-source={line.source} className="w-[4.5rem] shrink-0 text-text-3">
          {t[line.source]}
        </span>
        <span className="-mx-2 w-4 shrink-0">
          {fields && (
            <button
              type="button"
              aria-expanded={isOpen}
              aria-label={t.fields}
              title={t.fields}
              onClick={() => onToggle(line.cursor)}
              className="grid size-4 translate-y-0.5 place-items-center rounded-[4px] text-text-3 hover:bg-hover hover:text-text"
            >
              <ChevronRight aria-hidden className={cn('size-3', isOpen && 'rotate-90')} />
            </button>
          )}
        </span>
        <span className={cn('min-w-0', line.source !== 'handler' && 'text-text-2', isWrapped ? 'break-words whitespace-pre-wrap max-sm:basis-full max-sm:pl-3' : 'whitespace-pre')}>
          <Text text={oneLine(line.message, isWrapped)} words={words} />
          {fields && !isOpen && (
            <span className="text-text-3">
              {'  '}
              <Text text={oneLine(fields, isWrapped)} words={words} />
            </span>
          )}
        </span>
      </div>
      {isOpen && (
        <pre className="mb-1 ml-4 border-l pl-3 font-mono leading-5 whitespace-pre-wrap text-text-2">
          <Text text={JSON.stringify(line.fields, null, INDENT)} words={words} />
        </pre>
      )}
    </div>
  );
}

/** Unwrapped rows have one height: line breaks are shown as a symbol. */
function oneLine(text: string, isWrapped: boolean): string {
  return isWrapped ? text : text.replaceAll('\n', ' ⏎ ');
}

function Text({ text, words }: { text: string; words: string }) {
  if (words === '') return text;
  return splitMatches(text, words).map((piece, at) =>
    piece.isHit ? (
      <mark key={at} className="rounded-[2px] bg-ink text-on-ink">
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}
