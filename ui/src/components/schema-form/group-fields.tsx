'use client';

import { useId, type ReactNode } from 'react';
import { JsonEditor } from '@/components/json-editor';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/field';
import { useLang, useTranslations } from '@/lib/i18n';
import { useMayChange } from '@/lib/session';
import { useSettings } from './context';
import { valueText } from './field-labels';
import { ListInput } from './list-input';
import { MapInput } from './map-input';
import { Label, type FieldProps } from './scalar-field';
import { choicesOf, isObject, kindOf, resolve, type JsonObject } from './schema';
import { formTranslations } from './translations';

const EMPTY: JsonObject = {};

/** A field with several controls: a named group, with its hint or error below. */
type GroupProps = {
  field: FieldProps;
  aside?: ReactNode;
  /** The position of the hint: next to the label, or below the controls. */
  noteOnTop?: boolean;
  children: (noteId?: string) => ReactNode;
};

function Group({ field, aside, noteOnTop, children }: GroupProps) {
  const id = useId();
  const { errors } = useSettings();
  const error = errors[field.pointer];
  const note = error ?? field.hint;
  const noteElement = note && (
    <p id={`${id}-note`} className={error ? 'text-xs text-tone-text tone-fail' : 'text-xs text-text-3'}>
      {note}
    </p>
  );
  return (
    <div role="group" aria-labelledby={id} aria-describedby={note ? `${id}-note` : undefined} className="grid min-w-0 gap-1">
      <div className="flex items-center gap-2">
        <div className="min-w-0">
          <span id={id} className="block text-xs font-medium text-text-2">
            <Label label={field.label} required={field.required} />
          </span>
          {noteOnTop && noteElement}
        </div>
        {aside}
      </div>
      {children(note ? `${id}-note` : undefined)}
      {!noteOnTop && noteElement}
    </div>
  );
}

/** A nested object as a group of fields; buttons set or remove an optional one. */
export function ObjectField({ field, children }: { field: FieldProps; children: (value: JsonObject) => ReactNode }) {
  const t = useTranslations(formTranslations);
  const { disabled, errors } = useSettings();
  const { value, required, label, onValue } = field;
  const isOpen = required || isObject(value);
  const toggle = !required && (
    <Button
      size="small"
      className="ml-auto"
      disabled={disabled}
      aria-label={isOpen ? t.remove(label) : t.add(label)}
      aria-invalid={(!isOpen && errors[field.pointer] !== undefined) || undefined}
      aria-expanded={isOpen}
      onClick={() => onValue(isOpen ? undefined : {})}
    >
      {isOpen ? t.leaveOut : t.set}
    </Button>
  );
  return (
    <div className="rounded-card border px-3 py-2">
      <Group field={field} aside={toggle} noteOnTop>
        {() => isOpen && <div className="pt-1 pb-2">{children(isObject(value) ? value : EMPTY)}</div>}
      </Group>
    </div>
  );
}

export function MapField({ field }: { field: FieldProps }) {
  const { disabled, errors } = useSettings();
  return (
    <Group field={field}>
      {(noteId) => (
        <MapInput
          label={field.label}
          value={isObject(field.value) ? field.value : EMPTY}
          onValue={field.onValue}
          disabled={disabled}
          invalid={errors[field.pointer] !== undefined}
          describedBy={noteId}
        />
      )}
    </Group>
  );
}

/** A multiple choice, as checkboxes. */
export function ChoicesField({ field }: { field: FieldProps }) {
  const lang = useLang();
  const { root, disabled } = useSettings();
  const chosen = Array.isArray(field.value) ? field.value : [];
  return (
    <Group field={field}>
      {() => (
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {choicesOf(resolve(field.schema.items ?? {}, root)).map((each) => (
            <label key={String(each)} className="flex items-center gap-1.5 text-sm">
              <Checkbox
                disabled={disabled}
                checked={chosen.includes(each)}
                onChange={(event) => {
                  const next = event.target.checked ? [...chosen, each] : chosen.filter((other) => other !== each);
                  field.onValue(next.length === 0 ? undefined : next);
                }}
              />
              {valueText(field.name, each, lang)}
            </label>
          ))}
        </div>
      )}
    </Group>
  );
}

export function ListField({ field }: { field: FieldProps }) {
  const { disabled, errors, suggest } = useSettings();
  const id = useId();
  return (
    <Group field={field}>
      {(noteId) => (
        <>
          <label htmlFor={id} className="sr-only">
            {field.label}
          </label>
          <ListInput
            id={id}
            value={Array.isArray(field.value) ? field.value.map(String) : []}
            onValue={(next) => field.onValue(next.length === 0 ? undefined : next)}
            suggestions={suggest?.(field.name, field.siblings)}
            disabled={disabled}
            aria-describedby={noteId}
            aria-invalid={errors[field.pointer] === undefined ? undefined : true}
          />
        </>
      )}
    </Group>
  );
}

/** A checkbox with its label. */
export function BooleanField({ field }: { field: FieldProps }) {
  const id = useId();
  const { disabled, errors } = useSettings();
  const mayChange = useMayChange(field.schema['x-required-role']);
  const error = errors[field.pointer];
  const note = error ?? field.hint;
  const isOn = field.value === undefined ? field.schema.default === true : field.value === true;
  return (
    <div className="flex gap-2">
      <Checkbox
        id={id}
        className="mt-[3px]"
        disabled={disabled || !mayChange}
        checked={isOn}
        aria-describedby={note ? `${id}-note` : undefined}
        aria-invalid={error === undefined ? undefined : true}
        onChange={(event) => field.onValue(event.target.checked)}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm">
          {field.label}
        </label>
        {note && (
          <p id={`${id}-note`} className={error ? 'text-xs text-tone-text tone-fail' : 'text-xs text-text-3'}>
            {note}
          </p>
        )}
      </div>
    </div>
  );
}

/** A field that no other control supports, as JSON. */
export function JsonField({ field }: { field: FieldProps }) {
  const t = useTranslations(formTranslations);
  const { disabled, root } = useSettings();
  const label = kindOf(field.schema, root) === 'json' ? `${field.label} (${t.json})` : field.label;
  return (
    <Group field={field}>
      {() => (
        <JsonEditor label={label} value={field.value} onValue={field.onValue} disabled={disabled} rows={4} allowEmpty />
      )}
    </Group>
  );
}
