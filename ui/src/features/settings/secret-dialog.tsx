'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '@/components/ui/form-dialog';
import { Field, Input, Textarea } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import type { Secret } from './queries';
import { secretTranslations } from './secret-translations';

export type SecretField = 'value' | 'hosts';

type Props = { secret: Secret | null; fields: SecretField[]; onClose: () => void };

/** Sets fields of a secret; its value can never be read. `secret` null: a new secret. */
export function SecretDialog({ secret, fields, onClose }: Props) {
  const name = secret?.name ?? null;
  const t = useTranslations(secretTranslations);
  const client = useQueryClient();
  const [named, setNamed] = useState(name ?? '');
  const [value, setValue] = useState('');
  const [hosts, setHosts] = useState((secret?.hosts ?? []).join('\n'));
  const asksValue = fields.includes('value');
  const asksHosts = fields.includes('hosts');
  const body = { ...(asksValue && { value }), ...(asksHosts && { hosts: linesOf(hosts) }) };
  const isReady = named.trim() !== '' && (!asksValue || value !== '') && (!asksHosts || linesOf(hosts).length > 0);
  const save = useAction({
    quiet: true,
    run: () =>
      unwrap(api.PUT('/secrets/{secret_name}', { params: { path: { secret_name: named.trim() } }, body })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['secrets'] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={name === null ? t.create : asksValue ? t.setTitle(name) : t.hostsTitle(name)}
      submit={t.save}
      pending={save.isPending}
      disabled={!isReady}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {name === null && (
        <Field label={t.name} hint={t.nameHint}>
          {(ids) => <Input {...ids} required maxLength={64} value={named} autoComplete="off" spellCheck={false} onChange={(event) => setNamed(event.target.value)} />}
        </Field>
      )}
      {asksValue && (
        <Field label={t.value} hint={t.valueHint}>
          {(ids) => (
            <Input {...ids} type="password" required maxLength={8192} value={value} autoComplete="new-password" spellCheck={false} onChange={(event) => setValue(event.target.value)} />
          )}
        </Field>
      )}
      {asksHosts && (
        <Field label={t.hosts} hint={t.hostsHint}>
          {(ids) => (
            <Textarea {...ids} required rows={3} value={hosts} autoComplete="off" spellCheck={false} onChange={(event) => setHosts(event.target.value)} />
          )}
        </Field>
      )}
      <p className="text-xs text-text-3">{t.effect}</p>
      <FormError error={save.error} />
    </FormDialog>
  );
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}
