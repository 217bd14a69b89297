'use client';

import type { ReactNode } from 'react';
import { useLang, useTranslations } from '@/lib/i18n';
import { cn } from '@/lib/cn';
import { SettingsProvider, useSettings, type Suggest } from './context';
import { ErrorList } from './error-list';
import { NO_ERRORS, assignErrors, type FieldErrors } from './errors';
import { BooleanField, ChoicesField, JsonField, ListField, MapField, ObjectField } from './group-fields';
import { fieldTexts, type FieldLabels } from './field-labels';
import { ScalarField, type FieldProps } from './scalar-field';
import {
  joinPointer,
  renderedPointers,
  kindOf,
  resolve,
  withKey,
  type FieldKind,
  type JsonObject,
  type JsonSchema,
} from './schema';
import { formTranslations } from './translations';

export type SchemaFormProps = {
  /** Of an object, as the API serves it. */
  schema: JsonSchema;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  /** Errors by pointer below `value`: `/url`, `/notify/to`. */
  errors?: FieldErrors;
  disabled?: boolean;
  labels?: FieldLabels;
  suggest?: Suggest;
};

/**
 * A form for an object, generated from its JSON Schema. Values keep their JSON types; an empty field is left out of
 * the object. Errors are shown at their fields, others at the top.
 */
export function SchemaForm({ schema, value, onChange, errors = NO_ERRORS, disabled = false, labels, suggest }: SchemaFormProps) {
  const t = useTranslations(formTranslations);
  const assigned = assignErrors(errors, renderedPointers(schema, value));
  const settings = { root: schema, errors: assigned.atFields, labels, suggest, disabled };
  const hasFields = Object.keys(schema.properties ?? {}).length > 0;
  return (
    <SettingsProvider value={settings}>
      <div className="grid gap-3">
        <ErrorList errors={assigned.onTop} />
        {hasFields ? (
          <Fields schema={schema} value={value} onChange={onChange} pointer="" />
        ) : (
          <p className="text-sm text-text-2">{t.noFields}</p>
        )}
      </div>
    </SettingsProvider>
  );
}

type FieldsProps = {
  schema: JsonSchema;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  pointer: string;
};

function Fields({ schema, value, onChange, pointer }: FieldsProps) {
  const lang = useLang();
  const { root, labels } = useSettings();
  return (
    <div className="@container">
      <div className="grid gap-x-4 gap-y-3 @md:grid-cols-2 @4xl:grid-cols-3">
        {ordered(schema, root).map(({ name, raw, field, kind }) => {
          const props: FieldProps = {
            name,
            pointer: joinPointer(pointer, name),
            schema: field,
            ...fieldTexts(name, { ...field, ...raw }, schema.title, lang, labels),
            required: schema.required?.includes(name) ?? false,
            value: value[name],
            siblings: value,
            onValue: (next) => onChange(withKey(value, name, next)),
          };
          return (
            <div key={name} className={cn('min-w-0', isWide(name, kind) && 'col-span-full')}>
              {draw(kind, props)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Required fields first, then single values, then fields that need a full row. */
function ordered(schema: JsonSchema, root: JsonSchema) {
  const rank = ({ name, kind }: { name: string; kind: FieldKind }) =>
    schema.required?.includes(name) ? 0 : isWide(name, kind) ? 2 : 1;
  return Object.entries(schema.properties ?? {})
    .map(([name, raw]) => {
      const field = resolve(raw, root);
      return { name, raw, field, kind: kindOf(field, root) };
    })
    .toSorted((a, b) => rank(a) - rank(b));
}

function isWide(name: string, kind: FieldKind): boolean {
  return ['longtext', 'object', 'map', 'list', 'choices', 'json', 'password'].includes(kind) || name === 'url';
}

function draw(kind: FieldKind, field: FieldProps): ReactNode {
  switch (kind) {
    case 'object':
      return (
        <ObjectField field={field}>
          {(inner) => (
            <Fields schema={field.schema} value={inner} onChange={field.onValue} pointer={field.pointer} />
          )}
        </ObjectField>
      );
    case 'boolean':
      return <BooleanField field={field} />;
    case 'map':
      return <MapField field={field} />;
    case 'list':
      return <ListField field={field} />;
    case 'choices':
      return <ChoicesField field={field} />;
    case 'json':
      return <JsonField field={field} />;
    default:
      return <ScalarField {...field} />;
  }
}
