'use client';

import { Field, Input, Select, Switch, Textarea } from '@/components/ui/field';
import type { ApiError } from '@/lib/api';
import { defineWords, inLanguage, useLang, useWords } from '@/lib/i18n';
import { fieldKey, type AccountField, type Entered } from './schema-fields';

const words = defineWords(
  { stored: 'Stored; leave empty to keep it', optional: 'optional', choose: 'Choose…' },
  { stored: 'Tersimpan; kosongkan agar tetap dipakai', optional: 'opsional', choose: 'Pilih…' },
);

/** What a refusal says of the field at a JSON pointer. */
export function useProblemAt(error: ApiError | null): (pointer: string) => string | undefined {
  const lang = useLang();
  return (pointer) => {
    const found = error?.fields.find((each) => each.pointer === pointer);
    return found && inLanguage(found.message, lang);
  };
}

type Props = {
  fields: readonly AccountField[];
  entered: Entered;
  onChange: (entered: Entered) => void;
  error: ApiError | null;
};

/** The settings and secrets of an account, as its channel's JSON Schemas say; no stored secret comes back. */
export function AccountFields({ fields, entered, onChange, error }: Props) {
  const t = useWords(words);
  const problemAt = useProblemAt(error);
  return fields.map((field) => (
    <Field
      key={fieldKey(field)}
      label={
        <>
          {field.label}
          {!field.isRequired && !field.isStored && <span className="font-normal text-text-3"> · {t.optional}</span>}
        </>
      }
      hint={field.isStored ? `${t.stored}. ${field.hint ?? ''}` : field.hint}
      error={problemAt(`/${fieldKey(field)}`)}
    >
      {(ids) => (
        <Control
          ids={ids}
          field={field}
          value={entered[fieldKey(field)] ?? ''}
          onChange={(value) => onChange({ ...entered, [fieldKey(field)]: value })}
        />
      )}
    </Field>
  ));
}

type ControlProps = { ids: { id: string }; field: AccountField; value: string; onChange: (value: string) => void };

function Control({ ids, field, value, onChange }: ControlProps) {
  const t = useWords(words);
  if (field.part === 'secrets') {
    return (
      <Input
        {...ids}
        type="password"
        autoComplete="new-password"
        spellCheck={false}
        placeholder={field.isStored ? '••••••••••••' : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="font-mono"
      />
    );
  }
  if (field.kind === 'switch') {
    return (
      <Switch {...ids} label={field.label} checked={value === 'true'} onChange={(event) => onChange(String(event.target.checked))} />
    );
  }
  if (field.kind === 'choice') {
    return (
      <Select {...ids} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t.choose}</option>
        {field.choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </Select>
    );
  }
  if (field.kind === 'json') {
    return <Textarea {...ids} spellCheck={false} value={value} onChange={(event) => onChange(event.target.value)} className="font-mono" />;
  }
  return (
    <Input
      {...ids}
      inputMode={field.kind === 'number' ? 'decimal' : undefined}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
