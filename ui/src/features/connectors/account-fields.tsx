'use client';

import { SchemaForm, errorsUnder, fieldErrors } from '@/components/schema-form';
import type { ApiError } from '@/lib/api';
import { useLang } from '@/lib/i18n';
import type { Account, Channel } from './queries';
import { labelsOf, schemaOf, type Entered } from './schema-fields';

/** What a refusal says, by JSON pointer. */
export function useFieldErrors(error: ApiError | null) {
  const lang = useLang();
  return fieldErrors(error?.fields ?? [], lang);
}

type Props = {
  channel: Channel;
  account: Account | undefined;
  entered: Entered;
  onChange: (entered: Entered) => void;
  error: ApiError | null;
};

/** The settings and secrets of an account, as its channel's JSON Schemas say; no stored secret comes back. */
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

/** Whether an account of the channel has anything to fill in beside its name. */
export function hasFields(channel: Channel): boolean {
  return [channel.settings_schema, channel.secrets_schema].some(
    (schema) => Object.keys((schema.properties as object | undefined) ?? {}).length > 0,
  );
}
