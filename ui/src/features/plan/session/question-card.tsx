'use client';

import { MessageCircleQuestion } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { questionsOf } from '../notes/note-kinds';
import { Question } from './question';
import type { PlanSession } from './use-plan-session';

const translations = defineTranslations({ title: 'One question first' }, { title: 'Satu pertanyaan dulu' });

/** The questions about the sentence as a whole; one about a job is asked in its card. */
export function QuestionCard({ session }: { session: PlanSession }) {
  const t = useTranslations(translations);
  const { notes, jobs } = session.current;
  const ids = new Set(jobs.map((job) => job.job_spec.job_id));
  const questions = questionsOf(notes).filter(({ job }) => job === null || !ids.has(job));
  if (questions.length === 0) return null;
  return (
    <Card
      className="border-tone tone-retry"
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
