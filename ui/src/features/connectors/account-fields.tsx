'use client';

import { SchemaForm, errorsUnder, fieldErrors, type FieldErrors } from '@/components/schema-form';
import type { ApiError } from '@/lib/api/client';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import type { Account, Channel } from './queries';
import { labelsOf, schemaOf, type AccountDraft } from './schema-fields';

// Explanations of patterns, for users who do not read regular expressions.
const SHAPES = defineTranslations(
  {
    'telegram/secrets/token': 'This is not how a bot token looks: digits, a colon, then letters and digits, such as 123456789:AAF…',
    'whatsapp/settings/phone_number_id': 'This is not how a phone number ID looks: digits only, without + or spaces.',
    'whatsapp/settings/template_name': 'This is not how a template is called: small letters, digits and _ only.',
    'whatsapp/settings/template_language': 'This is not how a language looks: id, en or en_US.',
    'email/settings/host': 'Only the name of the server, without http:// and without a port.',
    'email/settings/from_address': 'This is no email address.',
    'slack/secrets/webhook_url': 'The whole URL is needed; it begins with https://hooks.slack.com/services/.',
    'discord/secrets/webhook_url': 'The whole URL is needed; it begins with https://discord.com/api/webhooks/.',
    'ntfy/settings/topic': 'Letters, digits, _ and - only, 64 at most.',
    'ntfy/settings/base_url': 'The address begins with https://.',
    'webhook/settings/url': 'The address begins with https:// and has no spaces.',
    'webhook/secrets/signing_secret': 'At least 16 characters, without spaces.',
  },
  {
    'telegram/secrets/token': 'Bentuknya bukan token bot: angka, titik dua, lalu huruf dan angka, misalnya 123456789:AAF…',
    'whatsapp/settings/phone_number_id': 'Bentuknya bukan ID nomor telepon: hanya angka, tanpa + atau spasi.',
    'whatsapp/settings/template_name': 'Bentuknya bukan nama templat: hanya huruf kecil, angka, dan _.',
    'whatsapp/settings/template_language': 'Bentuknya bukan kode bahasa: id, en, atau en_US.',
    'email/settings/host': 'Cukup nama servernya, tanpa http:// dan tanpa port.',
    'email/settings/from_address': 'Ini bukan alamat email.',
    'slack/secrets/webhook_url': 'Perlu URL lengkapnya; diawali https://hooks.slack.com/services/.',
    'discord/secrets/webhook_url': 'Perlu URL lengkapnya; diawali https://discord.com/api/webhooks/.',
    'ntfy/settings/topic': 'Hanya huruf, angka, _ dan -, paling banyak 64.',
    'ntfy/settings/base_url': 'Alamatnya diawali https://.',
    'webhook/settings/url': 'Alamatnya diawali https:// dan tanpa spasi.',
    'webhook/secrets/signing_secret': 'Paling sedikit 16 karakter, tanpa spasi.',
  },
);

/** The errors of a response, by JSON pointer. */
export function useFieldErrors(error: ApiError | null, channel: string): FieldErrors {
  const lang = useLang();
  const shapes: FieldErrors = useTranslations(SHAPES);
  const fields = error?.fields ?? [];
  const pairs = fields.flatMap(({ pointer, code }) => {
    const shape = code === 'string_pattern_mismatch' ? shapes[`${channel}${pointer}`] : undefined;
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
  const errors = useFieldErrors(error, channel.channel);
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
