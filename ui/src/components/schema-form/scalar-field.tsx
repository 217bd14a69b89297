'use client';

import { useId } from 'react';
import { Field, Input, Select, Textarea } from '@/components/ui/field';
import { useLang, useTranslations } from '@/lib/i18n';
import { useSettings } from './context';
import { valueText } from './field-labels';
import { NumberInput } from './number-input';
import { choicesOf, kindOf, type Json, type JsonObject, type JsonSchema } from './schema';
import { formTranslations, limitsOf } from './translations';
import { TimeZoneInput } from './time-zone-input';

export type FieldProps = {
  name: string;
  pointer: string;
  schema: JsonSchema;
  label: string;
  hint?: string;
  required: boolean;
  value: Json | undefined;
  siblings: JsonObject;
  onValue: (value: Json | undefined) => void;
};

/** One value (text, number or choice) with its label, hint, limits and error. */
export function ScalarField(props: FieldProps) {
  const { schema, label, required, hint, pointer } = props;
  const t = useTranslations(formTranslations);
  const { errors } = useSettings();
  const limits = limitsOf(schema, t);
  return (
    <Field
      label={<Label label={label} required={required} />}
      hint={[hint, limits].filter(Boolean).join(' · ') || undefined}
      error={errors[pointer]}
    >
      {(ids) => <Control {...props} ids={{ ...ids, 'aria-required': required || undefined }} />}
    </Field>
  );
}

/** The label of a field; required fields are marked. */
export function Label({ label, required }: { label: string; required: boolean }) {
  const t = useTranslations(formTranslations);
  if (!required) return label;
  return (
    <>
      {label} <span aria-hidden>*</span>
      <span className="sr-only"> ({t.required})</span>
    </>
  );
}

type Ids = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true; 'aria-required'?: true };

function Control({ ids, ...field }: FieldProps & { ids: Ids }) {
  const { root, disabled, suggest } = useSettings();
  const { schema, value, onValue, name } = field;
  const kind = kindOf(schema, root);
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
  const setText = (next: string) => onValue(next === '' ? undefined : next);
  if (kind === 'choice') return <Choice {...field} ids={ids} />;
  if (kind === 'number' || kind === 'integer') {
    return (
      <NumberInput
        {...ids}
        disabled={disabled}
        whole={kind === 'integer'}
        placeholder={placeholderOf(schema)}
        value={value}
        onValue={onValue}
      />
    );
  }
  const shared = {
    ...ids,
    disabled,
    value: text,
    placeholder: placeholderOf(schema),
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
  };
  if (kind === 'longtext') return <Textarea {...shared} maxLength={schema.maxLength} rows={4} />;
  if (kind === 'password') return <Input {...shared} type="password" autoComplete="new-password" spellCheck={false} />;
  if (name === 'timezone') return <TimeZoneInput {...shared} />;
  const suggestions = suggest?.(name, field.siblings) ?? [];
  return <TextInput {...shared} suggestions={suggestions} isUrl={name === 'url'} />;
}

type TextProps = Ids & {
  disabled: boolean;
  value: string;
  placeholder?: string;
  onChange: (event: { target: { value: string } }) => void;
  suggestions: readonly string[];
  isUrl: boolean;
};

function TextInput({ suggestions, isUrl, ...rest }: TextProps) {
  const list = useId();
  const hasList = suggestions.length > 0;
  return (
    <>
      <Input
        {...rest}
        inputMode={isUrl ? 'url' : undefined}
        autoComplete="off"
        spellCheck={false}
        list={hasList ? list : undefined}
      />
      {hasList && (
        <datalist id={list}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </>
  );
}

function Choice({ ids, name, schema, value, required, onValue }: FieldProps & { ids: Ids }) {
  const t = useTranslations(formTranslations);
  const lang = useLang();
  const { disabled } = useSettings();
  const choices = choicesOf(schema);
  const at = choices.findIndex((each) => each === value);
  const isUnknown = at < 0 && value !== undefined && value !== null;
  const fallback = schema.default ?? null;
  const none = fallback !== null ? t.byDefault(valueText(name, fallback, lang)) : required ? t.choose : t.none;
  return (
    <Select
      {...ids}
      disabled={disabled}
      value={isUnknown ? 'unknown' : at < 0 ? '' : String(at)}
      onChange={(event) => onValue(event.target.value === '' ? undefined : choices[Number(event.target.value)])}
    >
      <option value="">{none}</option>
      {isUnknown && (
        <option value="unknown" disabled>
          {String(value)}
        </option>
      )}
      {choices.map((each, index) => (
        <option key={String(each)} value={index}>
          {valueText(name, each, lang)}
        </option>
      ))}
    </Select>
  );
}

function placeholderOf(schema: JsonSchema): string | undefined {
  const shown = schema.default ?? schema.examples?.[0];
  return shown === undefined || shown === null || typeof shown === 'object' ? undefined : String(shown);
}
