'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { useAction } from '@/lib/actions';
import { api, unwrap } from '@/lib/api';
import { useWords } from '@/lib/i18n';
import { Refusal } from './parts';
import { secretWords } from './secret-words';

/** A value goes in; nothing here reads one back. `name` null: a secret that is to be named. */
export function SecretDialog({ name, onClose }: { name: string | null; onClose: () => void }) {
  const t = useWords(secretWords);
  const client = useQueryClient();
  const [named, setNamed] = useState(name ?? '');
  const [value, setValue] = useState('');
  const save = useAction({
    quiet: true,
    run: () =>
      unwrap(api.PUT('/secrets/{secret_name}', { params: { path: { secret_name: named.trim() } }, body: { value } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['secrets'] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={name === null ? t.create : t.setTitle(name)}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" form="secret-form" variant="primary" pending={save.isPending} disabled={named.trim() === '' || value === ''}>
            {t.save}
          </Button>
        </>
      }
    >
      <form
        id="secret-form"
        method="post"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {name === null && (
          <Field label={t.name} hint={t.nameHint}>
            {(ids) => <Input {...ids} required maxLength={64} value={named} autoComplete="off" spellCheck={false} onChange={(event) => setNamed(event.target.value)} />}
          </Field>
        )}
        <Field label={t.value} hint={t.valueHint}>
          {(ids) => (
            <Input {...ids} type="password" required maxLength={8192} value={value} autoComplete="new-password" spellCheck={false} onChange={(event) => setValue(event.target.value)} />
          )}
        </Field>
        <p className="text-xs text-text-3">{t.effect}</p>
        <Refusal error={save.error} />
      </form>
    </Dialog>
  );
}
