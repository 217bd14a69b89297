'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { SKIP_FIELDS } from '@/components/schedule/skip-model';
import { SkipRules } from '@/components/schedule/skip-rules';
import { NO_ERRORS, assignErrors, fieldErrors, type JsonObject } from '@/components/schema-form';
import { Field, Input } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { FormError } from '@/components/ui/form-error';
import { api, unwrap, type Schemas } from '@/lib/api/client';
import { queries, type Calendar } from '@/lib/api/queries';
import { useAction } from '@/lib/api/use-action';
import { useLang, useTranslations } from '@/lib/i18n';
import { toast } from '@/lib/toast';
import { calendarTranslations } from './translations';

const MAX_TEXT_CHARS = 500;
const POINTERS = [...SKIP_FIELDS.map((name) => `/${name}`), '/description'];

type Props = {
  /** null: a new calendar. */
  calendar: Calendar | null;
  others: readonly Calendar[];
  onClose: () => void;
};

/** The rules of a calendar, without what the platform knows of it. */
function rulesOf(calendar: Calendar | null): JsonObject {
  const known = Object.entries(calendar ?? {}).filter(([name]) => SKIP_FIELDS.some((each) => each === name));
  return Object.fromEntries(known) as JsonObject;
}

/** Creates a calendar or changes what one leaves out. */
export function CalendarDialog({ calendar, others, onClose }: Props) {
  const t = useTranslations(calendarTranslations);
  const lang = useLang();
  const client = useQueryClient();
  const [name, setName] = useState(calendar?.name ?? '');
  const [description, setDescription] = useState(calendar?.description ?? '');
  const [rules, setRules] = useState(() => rulesOf(calendar));
  const same = calendar === null && others.some((each) => each.name === name.trim());
  const save = useAction({
    quiet: true,
    run: () => {
      const body = { ...rules, description: description.trim() } as Schemas['Calendar'];
      return unwrap(api.PUT('/calendars/{calendar_name}', { params: { path: { calendar_name: name.trim() } }, body }));
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: queries.calendars().queryKey });
      toast.success(t.saved(saved.name));
      onClose();
    },
  });
  const { atFields } = assignErrors(save.error ? fieldErrors(save.error.fields, lang) : NO_ERRORS, POINTERS);
  return (
    <FormDialog
      title={calendar === null ? t.create : t.editTitle(calendar.name)}
      submit={t.save}
      pending={save.isPending}
      disabled={name.trim() === ''}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {calendar === null && (
        <Field label={t.name} hint={same ? t.exists(name.trim()) : t.nameHint}>
          {(ids) => <Input {...ids} required maxLength={64} value={name} autoComplete="off" spellCheck={false} onChange={(event) => setName(event.target.value)} />}
        </Field>
      )}
      <Field label={t.description} error={atFields['/description']}>
        {(ids) => <Input {...ids} maxLength={MAX_TEXT_CHARS} value={description} autoComplete="off" onChange={(event) => setDescription(event.target.value)} />}
      </Field>
      <SkipRules value={rules} onValue={setRules} errors={atFields} />
      {calendar && <p className="text-xs text-text-3">{t.effect(calendar.jobs.length)}</p>}
      <FormError error={save.error} shownAt={POINTERS} />
    </FormDialog>
  );
}
