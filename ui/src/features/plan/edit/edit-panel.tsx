'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { ScheduleField } from '@/components/schedule/schedule-field';
import { SchedulePreview } from '@/components/schedule/schedule-preview';
import { NO_ERRORS, SchemaForm, errorsUnder, fieldErrors, type Json, type JsonObject, type JsonSchema } from '@/components/schema-form';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { queries } from '@/lib/api/queries';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import type { CheckField } from '../certainty/field-names';
import type { PlannedJob } from '../queries';
import type { Edit } from '../session/edits';
import type { PlanSession } from '../session/use-plan-session';
import { contentEdit, contentOf, contentSchemas } from './content';
import { focusField } from './focus-field';
import { recipientEdit, recipientOf, recipientPlace } from './recipient';
import { RecipientFields } from './recipient-fields';

const translations = defineTranslations(
  {
    title: (job: string) => `Edit ${job} in this plan`,
    name: 'Name',
    nameHint: 'the description of the job; its id stays',
    schedule: 'Schedule',
    recipient: 'Recipient',
    apply: 'Update the plan',
    close: 'Close',
    note: 'Nothing is saved before you apply the plan.',
  },
  {
    title: (job: string) => `Ubah ${job} dalam rencana ini`,
    name: 'Nama',
    nameHint: 'keterangan job; ID-nya tetap',
    schedule: 'Jadwal',
    recipient: 'Penerima',
    apply: 'Perbarui rencana',
    close: 'Tutup',
    note: 'Belum ada yang disimpan sebelum rencana diterapkan.',
  },
);

const MAX_NAME_CHARS = 500;
const SHOWN_AT = ['/description', '/schedule', '/inputs/notify', '/inputs/channel', '/inputs/account_id', '/inputs/to'];

/** The field that the editor is opened for. */
export type EditTarget = { field: CheckField | null };

type Props = {
  job: PlannedJob;
  /** The id of the job in the plan that is edited. */
  id: string;
  session: PlanSession;
  /** The field to look at, which gets the focus; null: the first one. Another such object moves the focus. */
  target: EditTarget;
  onClose: () => void;
};

const inputsEdit = (inputs: JsonObject): Pick<Edit, 'inputs'> => (Object.keys(inputs).length > 0 ? { inputs } : {});
const differs = (one: unknown, other: unknown) => JSON.stringify(one ?? null) !== JSON.stringify(other ?? null);

/** The fields without value removed: the API shows a schedule with all of them. */
function filled(schedule: unknown): JsonObject | undefined {
  if (!schedule) return undefined;
  return Object.fromEntries(Object.entries(schedule).filter(([, value]) => value !== null)) as JsonObject;
}

/** Edits a job of a plan: its name, schedule, recipient and content. The plan is checked again with them. */
export function EditPanel({ job, id, session, target, onClose }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  const heading = useId();
  const { job_spec: spec } = job;
  const inputs = (spec.inputs ?? {}) as JsonObject;
  const [description, setDescription] = useState(spec.description ?? '');
  const [schedule, setSchedule] = useState<JsonObject | undefined>(filled(spec.schedule));
  const { data: types } = useQuery(queries.jobTypes());
  const schema = types?.find((each) => each.type === spec.type)?.inputs as JsonSchema | undefined;
  const place = recipientPlace(schema);
  const contents = contentSchemas(schema);
  const [content, setContent] = useState<JsonObject>(contentOf(inputs));
  const form = useRef<HTMLFormElement>(null);
  const focused = useRef<EditTarget>(null);
  // The fields of a type are there as soon as the type is.
  useEffect(() => {
    if (focused.current === target || !form.current) return;
    if (focusField(form.current, target.field, types !== undefined)) focused.current = target;
  }, [target, types]);
  const [edited, setEdited] = useState<ReturnType<typeof recipientOf> | null>(null);
  const recipient = edited ?? recipientOf(inputs, place);
  const at = `edit/${id}`;
  const error = session.errorAt(at);
  const errors = error ? fieldErrors(error.fields, lang) : NO_ERRORS;
  const edit: Edit = {
    ...(description !== (spec.description ?? '') && { description }),
    ...(differs(schedule, filled(spec.schedule)) && { schedule: (schedule ?? null) as Edit['schedule'] }),
    ...inputsEdit({
      ...(edited && differs(recipient, recipientOf(inputs, place)) && recipientEdit(place, recipient)),
      ...contentEdit(inputs, content),
    }),
  };
  const submit = () => (Object.keys(edit).length === 0 ? onClose() : session.edit(at, id, edit, onClose));
  return (
    <form
      ref={form}
      aria-labelledby={heading}
      className="grid gap-4 border-t bg-canvas p-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h3 id={heading} className="text-sm font-semibold break-words">
        {t.title(spec.job_id)}
      </h3>
      <Field label={t.name} hint={t.nameHint} error={errors['/description']}>
        {(ids) => <Input {...ids} value={description} maxLength={MAX_NAME_CHARS} autoComplete="off" onChange={({ target }) => setDescription(target.value)} />}
      </Field>
      {contents.map(([name, own]) => (
        <div key={name} data-field={name}>
          <SchemaForm schema={own} value={content} onChange={setContent} errors={errorsUnder(errors, '/inputs')} />
        </div>
      ))}
      <fieldset data-field="schedule" className="grid min-w-0 gap-2">
        <legend className="mb-1 text-xs font-medium text-text-2">{t.schedule}</legend>
        <div className="grid min-w-0 gap-4 lg:grid-cols-2">
          <ScheduleField value={schedule as Json | undefined} onValue={setSchedule} errors={errorsUnder(errors, '/schedule')} />
          <SchedulePreview schedule={schedule as Json | undefined} jitterSec={spec.jitter_sec} />
        </div>
      </fieldset>
      {place !== null && (
        <fieldset className="grid min-w-0 gap-2">
          <legend className="mb-1 text-xs font-medium text-text-2">{t.recipient}</legend>
          <RecipientFields value={recipient} onValue={setEdited} errors={errorsUnder(errors, place === 'notify' ? '/inputs/notify' : '/inputs')} />
        </fieldset>
      )}
      <FormError error={error} shownAt={SHOWN_AT} />
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" disabled={session.isPending} pending={session.pendingAt === at}>
          {t.apply}
        </Button>
        <Button onClick={onClose}>{t.close}</Button>
        <p className="text-xs text-text-3">{t.note}</p>
      </div>
    </form>
  );
}
