'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '@/components/ui/form-dialog';
import { Field, Input, Options, Select } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { useAction } from '@/lib/api/use-action';
import { api, newIdempotencyKey, unwrap } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { isSignedOut, signIn } from '@/lib/api/sign-in';
import { keyTranslations } from './key-translations';
import { NewKeyDialog, type NewKey } from './new-key-dialog';
import type { Role } from './queries';
import { roleTranslations } from './roles';

const ROLES: readonly Role[] = ['metrics', 'viewer', 'operator', 'admin'];

const EXPIRY_DAYS = [30, 90, 365] as const;

/**
 * Create a key. The first one closes the dashboard for the local owner, its creator, too: it is then an
 * admin key, and its creator is signed in with it at once.
 */
async function createKey(body: { name: string; role: Role; expires_in_days: number | null }, act: string): Promise<NewKey> {
  const key = await unwrap(api.POST('/keys', { body, params: { header: { 'Idempotency-Key': act } } }));
  if (!(await isSignedOut())) return { key, session: 'same' };
  if (!key.key) return { key, session: 'lost' };
  const isSignedIn = await signIn({ key: key.key }).then(
    () => true,
    () => false,
  );
  return { key, session: isSignedIn ? 'new' : 'lost' };
}

export function CreateKeyDialog({ hasAdmin, onClose }: { hasAdmin: boolean; onClose: () => void }) {
  const t = useTranslations(keyTranslations);
  const roles = useTranslations(roleTranslations);
  const client = useQueryClient();
  // Also for the local owner, who is signed in by a link.
  const isFirst = !hasAdmin;
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(isFirst ? 'admin' : 'viewer');
  const [days, setDays] = useState<number | null>(null);
  const [act] = useState(newIdempotencyKey);
  const make = useAction({
    quiet: true,
    run: () => createKey({ name: name.trim(), role, expires_in_days: days }, act),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
  if (make.data) return <NewKeyDialog made={make.data} onClose={onClose} />;
  return (
    <FormDialog
      title={t.create}
      submit={t.make}
      pending={make.isPending}
      disabled={name.trim() === ''}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <Field label={t.name} hint={t.nameHint}>
        {(ids) => <Input {...ids} required maxLength={64} value={name} autoComplete="off" spellCheck={false} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t.role} hint={isFirst ? undefined : roles[role]}>
        {(ids) => (
          <Select {...ids} value={role} disabled={isFirst} onChange={(event) => setRole(event.target.value as Role)}>
            <Options values={ROLES} />
          </Select>
        )}
      </Field>
      {!isFirst && (
        <Field label={t.expires}>
          {(ids) => (
            <Select {...ids} value={days ?? ''} onChange={(event) => setDays(event.target.value === '' ? null : Number(event.target.value))}>
              <option value="">{t.neverEnds}</option>
              <Options values={EXPIRY_DAYS} label={(each) => t.afterDays(each)} />
            </Select>
          )}
        </Field>
      )}
      {isFirst && <p className="text-sm text-text-2">{t.first}</p>}
      <FormError error={make.error} />
    </FormDialog>
  );
}
