'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DateTimeField } from '@/components/schedule/date-time-field';
import { fieldErrors } from '@/components/schema-form';
import { Segmented } from '@/components/segmented';
import { Field, Input, Options, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { FormError } from '@/components/ui/form-error';
import { api, unwrap, type Schemas } from '@/lib/api/client';
import { queries } from '@/lib/api/queries';
import { useAction } from '@/lib/api/use-action';
import { useLang, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { toast } from '@/lib/toast';
import { maintenanceTranslations } from './translations';

const SCOPES = ['all', 'tag', 'job'] as const;
type ScopeKind = (typeof SCOPES)[number];
const SHOWN_AT = ['/scope', '/starts_at', '/ends_at', '/rrule', '/duration_min', '/reason'];

/** Plans one window, or windows that come again and again. */
export function MaintenanceDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations(maintenanceTranslations);
  const lang = useLang();
  const client = useQueryClient();
  const { timezone } = useSession();
  const [kind, setKind] = useState<ScopeKind>('all');
  const [name, setName] = useState('');
  const [again, setAgain] = useState<'once' | 'again'>('once');
  const [starts, setStarts] = useState<string>();
  const [ends, setEnds] = useState<string>();
  const [rrule, setRrule] = useState('');
  const [minutes, setMinutes] = useState('60');
  const [reason, setReason] = useState('');
  const isOnce = again === 'once';
  const save = useAction({
    quiet: true,
    run: () => {
      const when = isOnce ? { starts_at: starts ?? null, ends_at: ends ?? null } : { rrule: rrule.trim(), duration_min: Number(minutes), timezone };
      const scope = kind === 'all' ? 'all' : `${kind}:${name.trim()}`;
      const body = { scope, reason: reason.trim(), ...when } as Schemas['MaintenanceDraft'];
      return unwrap(api.POST('/maintenance', { body }));
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: queries.maintenance().queryKey });
      toast.success(t.saved);
      onClose();
    },
  });
  const errors: Record<string, string | undefined> = save.error ? fieldErrors(save.error.fields, lang) : {};
  const isReady = (kind === 'all' || name.trim() !== '') && (isOnce ? starts !== undefined && ends !== undefined : rrule.trim() !== '' && minutes !== '');
  return (
    <FormDialog title={t.create} submit={t.save} pending={save.isPending} disabled={!isReady} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t.scope} error={kind === 'all' ? errors['/scope'] : undefined}>
          {(ids) => (
            <Select {...ids} value={kind} onChange={({ target }) => setKind(target.value as ScopeKind)}>
              <Options values={SCOPES} label={(each) => ({ all: t.scopeAll, tag: t.scopeTag, job: t.scopeJob })[each]} />
            </Select>
          )}
        </Field>
        {kind !== 'all' && (
          <Field label={t[kind]} error={errors['/scope']}>
            {(ids) => <Input {...ids} required maxLength={64} value={name} autoComplete="off" spellCheck={false} onChange={({ target }) => setName(target.value)} />}
          </Field>
        )}
      </div>
      <Segmented label={t.when} value={again} onChange={setAgain} options={(['once', 'again'] as const).map((value) => ({ value, label: t[value] }))} />
      {isOnce ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <DateTimeField label={t.starts} hint={timezone} error={errors['/starts_at']} value={starts} zone={timezone} onValue={setStarts} />
          <DateTimeField label={t.ends} hint={timezone} error={errors['/ends_at']} value={ends} zone={timezone} onValue={setEnds} />
        </div>
      ) : (
        <>
          <Field label={t.rrule} hint={t.rruleHint} error={errors['/rrule']}>
            {(ids) => <Input {...ids} required maxLength={300} className="font-mono" value={rrule} autoComplete="off" spellCheck={false} onChange={({ target }) => setRrule(target.value)} />}
          </Field>
          <Field label={t.duration} error={errors['/duration_min']}>
            {(ids) => <Input {...ids} type="number" min={1} value={minutes} onChange={({ target }) => setMinutes(target.value)} />}
          </Field>
        </>
      )}
      <Field label={t.reason} error={errors['/reason']}>
        {(ids) => <Input {...ids} maxLength={500} value={reason} autoComplete="off" onChange={({ target }) => setReason(target.value)} />}
      </Field>
      <FormError error={save.error} shownAt={SHOWN_AT} />
    </FormDialog>
  );
}
