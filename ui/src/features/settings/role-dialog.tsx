'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '@/components/ui/form-dialog';
import { Field, Options, Select } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { keyTranslations } from './key-translations';
import type { Key, Role } from './queries';
import { roleTranslations } from './roles';

const ROLES = ['viewer', 'operator', 'admin'] as const satisfies readonly Role[];

/** Give a person of sign-in links another role. */
export function RoleDialog({ target, onClose }: { target: Key; onClose: () => void }) {
  const t = useTranslations(keyTranslations);
  const roles = useTranslations(roleTranslations);
  const client = useQueryClient();
  const [role, setRole] = useState<Role>(target.role);
  const change = useAction({
    quiet: true,
    run: () => unwrap(api.PUT('/keys/{key_id}/role', { params: { path: { key_id: target.id } }, body: { role } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['keys'] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t.askRole(target.name)}
      submit={t.roleAction(target.name)}
      pending={change.isPending}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <p className="text-text-2">{t.roleHint}</p>
      <Field label={t.role}>
        {(ids) => (
          <Select {...ids} value={role} onChange={(event) => setRole(event.target.value as Role)}>
            <Options values={ROLES} label={(each) => `${each}: ${roles[each]}`} />
          </Select>
        )}
      </Field>
      <FormError error={change.error} />
    </FormDialog>
  );
}
