'use client';

import { ArrowRight } from 'lucide-react';
import { useId } from 'react';
import { RemedyRow } from '@/components/remedy/remedy-button';
import { CopyButton } from '@/components/ui/copy-button';
import { Link } from '@/components/ui/link';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { TONE_CLASS } from '@/lib/run-states';
import { useHighlight } from '../highlight';
import { SENTENCE_ID, wordsAt } from '../interpretation';
import type { Note } from '../queries';
import { NOTE_KINDS, SECTIONS } from './note-kinds';
import { linksOf, splitCommands } from './links';

const translations = defineTranslations(
  {
    inbox: 'Sandbox inbox',
    job: 'Open the job',
    doubt: 'Check this',
    assumption: 'Assumed',
    environment: 'To set up',
    show: (words: string) => `Show “${words}” in the sentence`,
  },
  {
    inbox: 'Kotak masuk sandbox',
    job: 'Buka job',
    doubt: 'Periksa ini',
    assumption: 'Dianggap',
    environment: 'Perlu disiapkan',
    show: (words: string) => `Tunjukkan “${words}” dalam kalimat`,
  },
);

type Props = { notes: readonly Note[]; prompt: string };

/** Notes by kind: doubts in a box of their own, then what is assumed, then what is to be set up. */
export function Notes({ notes, prompt }: Props) {
  const sections = SECTIONS.map(({ id, kinds }) => ({
    id,
    notes: kinds.flatMap((kind) => notes.filter((note) => note.kind === kind)),
  })).filter((section) => section.notes.length > 0);
  if (sections.length === 0) return null;
  return (
    <div className="grid gap-3">
      {sections.map((section) => (
        <Section key={section.id} {...section} prompt={prompt} />
      ))}
    </div>
  );
}

function Section({ id, notes, prompt }: Props & { id: (typeof SECTIONS)[number]['id'] }) {
  const t = useTranslations(translations);
  const heading = useId();
  const isDoubt = id === 'doubt';
  return (
    <div
      role="group"
      aria-labelledby={heading}
      data-notes={id}
      className={cn('grid gap-1.5', isDoubt && 'rounded-control border border-tone bg-tone-bg px-3 py-2 tone-retry')}
    >
      <h3 id={heading} className={cn('text-xs font-medium', isDoubt ? 'text-tone-text' : 'text-text-3')}>
        {t[id]}
      </h3>
      <ul className="grid gap-1.5">
        {notes.map((note) => (
          <NoteItem key={`${note.kind}/${note.text}/${note.span?.start}`} note={note} prompt={prompt} />
        ))}
      </ul>
    </div>
  );
}

/** One note. The words that it is about light up in the sentence while it is pointed at or focused. */
function NoteItem({ note, prompt }: { note: Note; prompt: string }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const { setHighlight } = useHighlight();
  const { kind, text, span, actions } = note;
  const { icon: Icon, tone, isDoubt, label } = NOTE_KINDS[kind];
  const words = span ? wordsAt(prompt, span) : '';
  return (
    <li
      data-kind={kind}
      onPointerEnter={() => span && setHighlight(span)}
      onPointerLeave={() => span && setHighlight(null)}
      className={cn('flex gap-2 text-sm', isDoubt ? 'text-text' : 'text-text-2', TONE_CLASS[tone])}
    >
      <Icon aria-hidden className="mt-[3px] size-3.5 shrink-0 text-tone" />
      <span className="min-w-0 break-words">
        {isDoubt && <span className="mr-1 font-medium">{label[lang]}:</span>}
        {splitCommands(text).map((piece, at) => (piece.isCommand ? <InlineCommand key={at} text={piece.text} /> : piece.text))}
        {span && words !== '' && (
          <button
            type="button"
            aria-label={t.show(words)}
            title={t.show(words)}
            onFocus={() => setHighlight(span)}
            onBlur={() => setHighlight(null)}
            onClick={() => document.getElementById(SENTENCE_ID)?.scrollIntoView({ block: 'nearest' })}
            className="ml-1.5 max-w-full truncate rounded-[4px] border border-border bg-surface px-1 align-bottom text-xs leading-5 text-text-2 hover:text-text"
          >
            “{words}”
          </button>
        )}
        {actions.length > 0 && <RemedyRow remedies={actions} className="mt-1" />}
        {linksOf(text).map((remedy) => (
          <Link
            key={remedy.href}
            href={remedy.href}
            className="mr-1 ml-1 inline-flex items-center gap-0.5 font-medium whitespace-nowrap text-text underline decoration-border-strong underline-offset-2 hover:decoration-text"
          >
            {t[remedy.place]}
            <ArrowRight aria-hidden className="size-3" />
          </Link>
        ))}
      </span>
    </li>
  );
}

function InlineCommand({ text }: { text: string }) {
  return (
    <span className="inline-flex items-center gap-0.5 align-middle">
      <code className="rounded-[4px] border bg-raised px-1 font-mono text-xs leading-4 text-text">{text}</code>
      <CopyButton text={text} />
    </span>
  );
}
