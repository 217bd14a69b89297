'use client';

import { Button } from '@/components/ui/button';
import { FormError } from '@/components/ui/form-error';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useHighlight } from '../highlight';
import type { Note } from '../queries';
import { SayForm } from './say-form';
import type { PlanSession } from './use-plan-session';

const translations = defineTranslations(
  {
    choices: 'Answers',
    own: 'Another answer',
    answer: 'Your answer',
    send: 'Answer',
  },
  {
    choices: 'Pilihan jawaban',
    own: 'Jawaban lain',
    answer: 'Jawaban Anda',
    send: 'Jawab',
  },
);

/** Go to the first answer of the first question, or to the first doubt. */
export function focusQuestion(): void {
  const asked = document.querySelector<HTMLElement>('[data-ask]');
  asked?.scrollIntoView({ block: 'nearest' });
  asked?.querySelector<HTMLElement>('button, input')?.focus({ preventScroll: true });
}

/** A question of the planner: its answers as buttons, and a line for any other answer. `at` names it in the session. */
export function Question({ question, at, session }: { question: Note; at: string; session: PlanSession }) {
  const t = useTranslations(translations);
  const { setHighlight } = useHighlight();
  const { text, span, choices } = question;
  return (
    <div data-ask className="grid scroll-mt-16 gap-3" onPointerEnter={() => span && setHighlight(span)} onPointerLeave={() => span && setHighlight(null)}>
      <p lang={session.current.language} className="text-base break-words">
        {text}
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
