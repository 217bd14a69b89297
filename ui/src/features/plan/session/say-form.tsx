'use client';

import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import type { PlanSession } from './use-plan-session';

const MAX_CHARS = 2_000;

type Props = {
  session: PlanSession;
  /** Names this form in the session. */
  at: string;
  label: string;
  placeholder?: string;
  submit: string;
};

/** A line of words for the planner: an answer, or a change to the plan. */
export function SayForm({ session, at, label, placeholder, submit }: Props) {
  const id = useId();
  const [text, setText] = useState('');
  const words = text.trim();
  return (
    <form
      className="grid gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (words && !session.isPending) session.say(at, words, () => setText(''));
      }}
    >
      <label htmlFor={id} className="text-xs font-medium text-text-2">
        {label}
      </label>
      <div className="flex gap-2">
        <Input id={id} value={text} maxLength={MAX_CHARS} placeholder={placeholder} autoComplete="off" onChange={(event) => setText(event.target.value)} />
        <Button type="submit" disabled={words === '' || session.isPending} pending={session.pendingAt === at}>
          {submit}
        </Button>
      </div>
      <FormError error={session.errorAt(at)} />
    </form>
  );
}
