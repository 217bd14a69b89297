'use client';

import { Languages, ListChecks, Sparkles } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useHighlight, type Highlight } from './highlight';
import { SENTENCE_ID, UNUSED, overlaps, piecesOf, roleClass, segmentsOf, type Piece } from './interpretation';
import { markText, roleName, spokenMark, useMarkNames } from './mark-text';
import { isDoubt } from './notes/note-kinds';
import { Notes } from './notes/notes';
import type { Note, Plan } from './queries';

const translations = defineTranslations(
  {
    title: 'How it was understood',
    id: 'Indonesian',
    en: 'English',
    rule_based: 'Planned by rules',
    model: 'Planned by a model',
    legend: 'Parts of the sentence',
  },
  {
    title: 'Begini kalimat dipahami',
    id: 'Bahasa Indonesia',
    en: 'Bahasa Inggris',
    rule_based: 'Direncanakan oleh aturan',
    model: 'Direncanakan oleh model',
    legend: 'Bagian kalimat',
  },
);

const spansOf = (notes: readonly Note[]) => notes.flatMap((note) => note.span ?? []);

/** The prompt, the roles of its words, the planner's name, and the notes that belong to no job. */
export function InterpretationCard({ plan }: { plan: Plan }) {
  const t = useTranslations(translations);
  // While nothing is planned, no word has an effect: that is no fault of single words.
  const spans = plan.jobs.length > 0 ? plan.explain : plan.explain.filter(({ role }) => role !== UNUSED);
  const segments = segmentsOf(plan.prompt, spans);
  const pieces = piecesOf(segments, spansOf(plan.notes), spansOf(plan.notes.filter(isDoubt)));
  const ids = new Set(plan.jobs.map((job) => job.job_spec.job_id));
  // A question is asked below.
  const notes = plan.notes.filter(({ job, kind }) => (job === null || !ids.has(job)) && kind !== 'question');
  return (
    <Card
      title={t.title}
      aside={
        <span className="flex flex-wrap justify-end gap-1.5">
          <Badge icon={Languages}>{t[plan.language]}</Badge>
          <Badge icon={plan.planner_source === 'rule_based' ? ListChecks : Sparkles}>{t[plan.planner_source]}</Badge>
        </span>
      }
    >
      <div className="grid gap-3 p-4">
        <p id={SENTENCE_ID} lang={plan.language} className="scroll-mt-16 text-base leading-7 break-words whitespace-pre-wrap">
          {pieces.map((piece) => (
            <Part key={piece.start} piece={piece} />
          ))}
        </p>
        <Legend pieces={pieces} />
        <p lang={plan.language} className="border-t pt-3 text-sm font-medium">
          {plan.summary}
        </p>
        <Notes notes={notes} prompt={plan.prompt} />
      </div>
    </Card>
  );
}

function isLit(piece: Piece, highlight: Highlight | null): boolean {
  if (highlight === null) return false;
  return 'role' in highlight ? piece.role === highlight.role : overlaps(piece, highlight);
}

/** Words of the prompt, in the colour of their role. What they set is in the tooltip and, for a screen reader, in the legend. */
function Part({ piece }: { piece: Piece }) {
  const marks = useMarkNames();
  const { highlight, setHighlight } = useHighlight();
  const { text, role, isDoubted } = piece;
  const lit = isLit(piece, highlight);
  if (role === null && !isDoubted) return <span className={cn(lit && 'rounded-[3px] bg-selected')}>{text}</span>;
  const own = role === null ? { start: piece.start, end: piece.end } : { role };
  return (
    <span
      title={role === null ? undefined : markText(piece, marks)}
      data-role={role ?? undefined}
      data-doubted={isDoubted || undefined}
      data-highlighted={lit || undefined}
      onPointerEnter={() => setHighlight(own)}
      onPointerLeave={() => setHighlight(null)}
      className={cn(
        'rounded-[3px] border-b-2 pb-px transition-colors duration-[120ms]',
        isDoubted || role === null ? 'border-dashed border-tone tone-retry' : roleClass(role),
        lit && 'bg-selected',
      )}
    >
      {text}
    </span>
  );
}

/** The roles in the prompt, each with its words for a screen reader; hovering one highlights its words. */
function Legend({ pieces }: { pieces: readonly Piece[] }) {
  const t = useTranslations(translations);
  const marks = useMarkNames();
  const { highlight, setHighlight } = useHighlight();
  const roles = [...new Set(pieces.flatMap((piece) => piece.role ?? []))];
  if (roles.length === 0) return null;
  return (
    <ul aria-label={t.legend} className="flex flex-wrap gap-1.5">
      {roles.map((role) => {
        const isOn = pieces.some((piece) => piece.role === role && isLit(piece, highlight));
        const own = pieces.filter((piece) => piece.role === role);
        return (
          <li key={role}>
            <button
              type="button"
              aria-pressed={isOn}
              onPointerEnter={() => setHighlight({ role })}
              onPointerLeave={() => setHighlight(null)}
              onFocus={() => setHighlight({ role })}
              onBlur={() => setHighlight(null)}
              className={cn('rounded-control border px-1.5 text-xs leading-5 text-text-2', isOn && 'bg-selected text-text')}
            >
              <span className={cn('border-b-2', roleClass(role))}>{roleName(role, marks)}</span>
              <span className="sr-only">: {own.map((piece) => spokenMark(piece, marks)).join(', ')}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
