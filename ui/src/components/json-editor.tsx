'use client';

import { Braces } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Textarea } from '@/components/ui/field';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { parseJson, describeSyntaxProblem, type JsonSyntaxProblem } from './parse-json';
import type { Json } from './schema-form/schema';

const translations = defineTranslations(
  { format: 'Format', goTo: 'Go there', empty: 'JSON is needed here.' },
  { format: 'Rapikan', goTo: 'Ke sana', empty: 'Isi dengan JSON.' },
);

const INDENT = 2;

type Props = {
  /** An accessible name. */
  label: string;
  value: Json | undefined;
  /** Called with the parsed value, never with invalid JSON. */
  onValue: (value: Json | undefined) => void;
  /** Called with the syntax problem, or null when the text is valid JSON. */
  onFault?: (fault: JsonSyntaxProblem | null) => void;
  /** Allows an empty text, as undefined. */
  allowEmpty?: boolean;
  disabled?: boolean;
  rows?: number;
  /** Classes of the text area, such as its height. */
  boxClassName?: string;
  className?: string;
};

function textOf(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value, null, INDENT);
}

/** A JSON editor: shows line and column of a syntax error, and keeps the last valid value. */
export function JsonEditor({ label, value, onValue, onFault, allowEmpty, disabled, rows = 16, boxClassName, className }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  const noteId = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => textOf(value));
  const json = JSON.stringify(value);
  const [lastJson, setLastJson] = useState(json);
  const [reported, setReported] = useState(json);
  // A value that equals the reported one leaves the text unchanged, and so does a value that the parent did not
  // accept.
  if (json !== lastJson) {
    setLastJson(json);
    if (json !== reported) setText(textOf(value));
  }
  const isEmpty = text.trim() === '';
  const parsed = parseJson(text);
  const fault = parsed.ok || (isEmpty && allowEmpty) ? null : parsed.fault;
  const change = (next: string) => {
    setText(next);
    const read = parseJson(next);
    if (read.ok) {
      setReported(JSON.stringify(read.value));
      onValue(read.value as Json);
    } else if (allowEmpty && next.trim() === '') {
      setReported(JSON.stringify(undefined));
      onValue(undefined);
    }
    onFault?.(read.ok || (allowEmpty && next.trim() === '') ? null : read.fault);
  };
  const goTo = () => {
    if (!fault || !box.current) return;
    const lines = text.split('\n').slice(0, fault.line - 1);
    const offset = lines.reduce((sum, line) => sum + line.length + 1, 0) + fault.column - 1;
    box.current.focus();
    box.current.setSelectionRange(offset, offset + (fault.found?.length ?? 0));
  };
  return (
    <div className={cn('grid gap-1.5', className)}>
      <Textarea
        ref={box}
        aria-label={label}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? noteId : undefined}
        value={text}
        rows={rows}
        disabled={disabled}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => indent(event.nativeEvent, event.currentTarget, change)}
        className={cn('resize-y overflow-auto font-mono text-xs [tab-size:2]', boxClassName)}
      />
      <div className="flex min-h-6 flex-wrap items-center gap-2">
        <p id={noteId} role="status" className="min-w-0 flex-1 text-xs text-tone-text tone-fail">
          {fault && (isEmpty ? t.empty : describeSyntaxProblem(fault, lang))}
        </p>
        {fault && !isEmpty && (
          <Button size="small" onClick={goTo}>
            {t.goTo}
          </Button>
        )}
        <Button
          size="small"
          disabled={disabled || !parsed.ok}
          onClick={() => parsed.ok && setText(JSON.stringify(parsed.value, null, INDENT))}
        >
          <Braces aria-hidden className="size-3" />
          {t.format}
        </Button>
      </div>
    </div>
  );
}

/** Enter keeps the indentation. Tab leaves the editor, so that the keyboard is not trapped. */
function indent(event: KeyboardEvent, box: HTMLTextAreaElement, change: (text: string) => void): void {
  if (event.key !== 'Enter' || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const { selectionStart: from, selectionEnd: to, value } = box;
  const line = value.slice(value.lastIndexOf('\n', from - 1) + 1, from);
  const depth = /^[ \t]*/.exec(line)?.[0] ?? '';
  const deeper = /[[{]\s*$/.test(line) ? ' '.repeat(INDENT) : '';
  const added = `\n${depth}${deeper}`;
  event.preventDefault();
  // Keeps the browser's undo history; if that is not supported, the text is set.
  if (!document.execCommand('insertText', false, added)) {
    change(value.slice(0, from) + added + value.slice(to));
  }
}
