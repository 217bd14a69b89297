'use client';

import { Undo2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { questionsOf } from '../notes/note-kinds';
import { SayForm } from './say-form';
import type { PlanSession } from './use-plan-session';

const translations = defineTranslations(
  {
    label: 'Change it in words',
    placeholder: 'for example: make it 9 am',
    send: 'Change the plan',
    said: 'Said so far',
    undo: 'Undo the last one',
  },
  {
    label: 'Ubah dengan kata-kata',
    placeholder: 'misalnya: yang tadi jadiin jam 9 ya',
    send: 'Ubah rencana',
    said: 'Yang sudah dikatakan',
    undo: 'Urungkan yang terakhir',
  },
);

/** The plan goes on: what was said after the first sentence, and a line for the next change. */
export function ChangeCard({ session }: { session: PlanSession }) {
  const t = useTranslations(translations);
  const { said, undo, current } = session;
  // While a question is open, words are its answer.
  const isAsked = questionsOf(current.notes).length > 0;
  if (isAsked && said.length === 0) return null;
  return (
    <Card className="grid gap-3 p-4">
      {said.length > 0 && (
        <ol aria-label={t.said} className="grid gap-1 text-sm text-text-2">
          {said.map((text, at) => (
            <li key={at} className="border-l-2 border-border-strong pl-2 break-words">
              {text}
            </li>
          ))}
        </ol>
      )}
      {undo && (
        <Button size="small" className="justify-self-start" disabled={session.isPending} onClick={undo}>
          <Undo2 aria-hidden className="size-3" />
          {t.undo}
        </Button>
      )}
      {!isAsked && <SayForm session={session} at="change" label={t.label} placeholder={t.placeholder} submit={t.send} />}
    </Card>
  );
}
