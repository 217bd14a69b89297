'use client';

import { MessageCircleQuestion } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { FormError } from '@/components/ui/form-error';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useHighlight } from '../highlight';
import { questionsOf } from '../notes/note-kinds';
import type { Note } from '../queries';
import { SayForm } from './say-form';
import type { PlanSession } from './use-plan-session';

const translations = defineTranslations(
  {
    title: 'One question first',
    choices: 'Answers',
    own: 'Another answer',
    answer: 'Your answer',
    send: 'Answer',
    about: 'About',
  },
  {
    title: 'Satu pertanyaan dulu',
    choices: 'Pilihan jawaban',
    own: 'Jawaban lain',
    answer: 'Jawaban Anda',
    send: 'Jawab',
    about: 'Tentang',
  },
);

const QUESTION_ID = 'question';

/** Go to the first answer of the question. */
export function focusQuestion(): void {
  const card = document.getElementById(QUESTION_ID);
  card?.scrollIntoView({ block: 'nearest' });
  card?.querySelector<HTMLElement>('button, input')?.focus({ preventScroll: true });
}

/** What the planner has to know first: answers as buttons, and a line for any other. */
export function QuestionCard({ session }: { session: PlanSession }) {
  const t = useTranslations(translations);
  const questions = questionsOf(session.current.notes);
  if (questions.length === 0) return null;
  return (
    <Card
      id={QUESTION_ID}
      className="scroll-mt-16 border-tone tone-retry"
      title={
        <span className="flex items-center gap-2">
          <MessageCircleQuestion aria-hidden className="size-4 text-tone" />
          {t.title}
        </span>
      }
    >
      <ul className="divide-y">
        {questions.map((question, at) => (
          <li key={`${at}/${question.text}`} className="p-4">
            <Question question={question} at={`question/${at}`} session={session} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Question({ question, at, session }: { question: Note; at: string; session: PlanSession }) {
  const t = useTranslations(translations);
  const { setHighlight } = useHighlight();
  const { text, span, job, choices } = question;
  return (
    <div className="grid gap-3" onPointerEnter={() => span && setHighlight(span)} onPointerLeave={() => span && setHighlight(null)}>
      <p lang={session.current.language} className="text-base break-words">
        {text}
        {job && (
          <span className="ml-2 text-xs text-text-3">
            {t.about} <span className="font-mono">{job}</span>
          </span>
        )}
      </p>
      {choices.length > 0 && (
        <div role="group" aria-label={t.choices} className="grid gap-1.5">
          <div className="flex flex-wrap gap-2">
            {choices.map((choice) => (
              <Button
                key={choice}
                lang={session.current.language}
                className="h-auto min-h-7 max-w-full py-1 break-words whitespace-normal"
                disabled={session.isPending}
                pending={session.pendingAt === `${at}/${choice}`}
                onFocus={() => span && setHighlight(span)}
                onBlur={() => span && setHighlight(null)}
                onClick={() => session.say(`${at}/${choice}`, choice)}
              >
                {choice}
              </Button>
            ))}
          </div>
          {choices.map((choice) => (
            <FormError key={choice} error={session.errorAt(`${at}/${choice}`)} />
          ))}
        </div>
      )}
      <SayForm session={session} at={at} label={choices.length > 0 ? t.own : t.answer} submit={t.send} />
    </div>
  );
}
