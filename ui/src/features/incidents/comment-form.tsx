'use client';

import { useState } from 'react';
import { useComment } from '@/components/incidents/use-incident-actions';
import { Button } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import type { Incident } from '@/lib/api/queries';
import { useTranslations } from '@/lib/i18n';
import { incidentsTranslations } from './translations';

// The limit of the API.
const MAX_CHARS = 2_000;

/** Adds a person's words to the timeline. */
export function CommentForm({ incident }: { incident: Incident }) {
  const t = useTranslations(incidentsTranslations);
  const [text, setText] = useState('');
  const comment = useComment(incident.id);
  return (
    <form
      method="post"
      className="grid gap-2 border-t p-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        comment.mutate(text.trim(), { onSuccess: () => setText('') });
      }}
    >
      <Field label={t.comment} hint={t.commentHint}>
        {(ids) => <Textarea {...ids} rows={2} value={text} maxLength={MAX_CHARS} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <Button type="submit" pending={comment.isPending} disabled={text.trim() === ''} className="w-fit">
        {t.addComment}
      </Button>
    </form>
  );
}
