'use client';

import { ListInput, type FieldErrors, type Json, type JsonObject } from '@/components/schema-form';
import { Field, Input, Switch, Textarea } from '@/components/ui/field';
import type { Schemas } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { formTranslations } from './translations';
import { TypePicker } from './type-picker';

type Props = {
  spec: JsonObject;
  set: (name: string, value: Json | undefined) => void;
  onType: (type: string) => void;
  types: readonly Schemas['JobTypeBody'][];
  errors: FieldErrors;
  /** A job that exists keeps its id. */
  isNew: boolean;
};

function textOf(value: Json | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}

/** Id, description, type and whether the schedule is on. */
export function Basics({ spec, set, onType, types, errors, isNew }: Props) {
  const t = useTranslations(formTranslations);
  const setText = (name: string, text: string) => set(name, text === '' ? undefined : text);
  return (
    <div className="grid gap-4 p-3.5 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)] lg:gap-6">
      <div className="grid content-start gap-3">
        <Field label={isNew ? `${t.jobId} *` : t.jobId} hint={isNew ? t.jobIdHint : t.jobIdFixed} error={errors['/job_id']}>
          {(ids) => (
            <Input
              {...ids}
              value={textOf(spec.job_id)}
              readOnly={!isNew}
              aria-required={isNew || undefined}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText('job_id', event.target.value)}
              className="font-mono text-xs read-only:bg-raised"
            />
          )}
        </Field>
        <Field label={t.description} error={errors['/description']}>
          {(ids) => (
            <Textarea
              {...ids}
              value={textOf(spec.description)}
              rows={2}
              maxLength={500}
              onChange={(event) => set('description', isNew && event.target.value === '' ? undefined : event.target.value)}
              className="min-h-14"
            />
          )}
        </Field>
        <Field label={t.tags} hint={t.tagsHint} error={errors['/tags']}>
          {(ids) => (
            <ListInput
              {...ids}
              value={Array.isArray(spec.tags) ? spec.tags.map(String) : []}
              onValue={(tags) => set('tags', tags.length === 0 && isNew ? undefined : tags)}
            />
          )}
        </Field>
        <div className="flex items-start gap-2.5">
          <Switch
            label={t.enabled}
            className="mt-0.5"
            checked={spec.enabled !== false}
            onChange={(event) => set('enabled', event.target.checked)}
          />
          <div>
            <p className="text-sm">{t.enabled}</p>
            <p className="text-xs text-text-3">{errors['/enabled'] ?? t.enabledHint}</p>
          </div>
        </div>
      </div>
      <TypePicker types={types} value={textOf(spec.type)} onValue={onType} error={errors['/type']} />
    </div>
  );
}
