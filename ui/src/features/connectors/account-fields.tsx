'use client';

import { SchemaForm, errorsUnder, fieldErrors, type FieldErrors } from '@/components/schema-form';
import type { ApiError } from '@/lib/api/client';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import type { Account, Channel } from './queries';
import { labelsOf, schemaOf, type AccountDraft } from './schema-fields';

// Explanations of patterns, for users who do not read regular expressions.
const SHAPES = defineTranslations(
  {
    '/secrets/token': 'This is not how a bot token looks: digits, a colon, then letters and digits, such as 123456789:AAF…',
    '/settings/phone_number_id': 'This is not how a phone number ID looks: digits only, without + or spaces.',
  },
  {
    '/secrets/token': 'Bentuknya bukan token bot: angka, titik dua, lalu huruf dan angka, misalnya 123456789:AAF…',
    '/settings/phone_number_id': 'Bentuknya bukan ID nomor telepon: hanya angka, tanpa + atau spasi.',
  },
);

/** The errors of a response, by JSON pointer. */
export function useFieldErrors(error: ApiError | null): FieldErrors {
  const lang = useLang();
  const shapes: FieldErrors = useTranslations(SHAPES);
  const fields = error?.fields ?? [];
  const pairs = fields.flatMap(({ pointer, code }) => {
    const shape = code === 'string_pattern_mismatch' ? shapes[pointer] : undefined;
    return shape === undefined ? [] : [[pointer, shape] as const];
  });
  return { ...fieldErrors(fields, lang), ...Object.fromEntries(pairs) };
}

type Props = {
  channel: Channel;
  account: Account | undefined;
  entered: AccountDraft;
  onChange: (entered: AccountDraft) => void;
  error: ApiError | null;
};

/**
 * The settings and secrets of an account, from the JSON Schemas of its channel. Stored secrets are never returned.
 */
export function AccountFields({ channel, account, entered, onChange, error }: Props) {
  const errors = useFieldErrors(error);
  return (['settings', 'secrets'] as const).map((part) => {
    const schema = schemaOf(part, channel, account);
    if (Object.keys(schema.properties ?? {}).length === 0) return null;
    return (
      <SchemaForm
        key={part}
        schema={schema}
        value={entered[part]}
        onChange={(value) => onChange({ ...entered, [part]: value })}
        errors={errorsUnder(errors, `/${part}`)}
        labels={labelsOf(channel, account)}
      />
    );
  });
}

/** Whether an account of the channel has any settings or secrets. */
export function hasFields(channel: Channel): boolean {
  return [channel.settings_schema, channel.secrets_schema].some(
    (schema) => Object.keys((schema.properties as object | undefined) ?? {}).length > 0,
  );
}
