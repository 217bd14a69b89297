'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { toast } from '@/lib/toast';
import { Segmented } from '@/components/segmented';
import { Page } from '@/components/ui/page';
import type { Schemas } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { ActionBar } from './action-bar';
import { FormView } from './form-view';
import { formTranslations } from './translations';
import { JsonView, type JsonTrouble } from './json-view';
import { useJobForm, type Base, type JobFormState, type Saved } from './use-job-form';
import { useUnsavedChangesGuard } from './use-unsaved-changes-guard';

const CheckDialog = dynamic(() => import('./check-dialog').then((module) => module.CheckDialog), { ssr: false });
const ConfirmDialog = dynamic(() => import('@/components/ui/confirm-dialog').then((module) => module.ConfirmDialog), { ssr: false });

type Props = {
  title: ReactNode;
  note?: ReactNode;
  base: Base;
  types: readonly Schemas['JobTypeBody'][];
  onConflict: () => void;
  /** Content above the form, such as a conflict. */
  children?: (state: JobFormState) => ReactNode;
};

const VIEWS = ['form', 'json'] as const;

/** The editor of a spec, as a form or as JSON. */
export function JobForm({ title, note, base, types, onConflict, children }: Props) {
  const t = useTranslations(formTranslations);
  const router = useRouter();
  const [asked, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('form'));
  const [trouble, setTrouble] = useState<JsonTrouble>(null);
  const container = useRef<HTMLDivElement>(null);
  const isNew = base.version === null;
  const onSaved = ({ job_id: id, version }: Saved) => {
    guard.release();
    const isSame = version === base.version;
    toast.success(isNew ? t.created(id) : isSame ? t.same(id) : t.saved(id, String(version)));
    router.push(`/jobs/${encodeURIComponent(id)}`);
  };
  const state = useJobForm({ base, types, container, onSaved, onConflict });
  const guard = useUnsavedChangesGuard((state.isDirty || trouble !== null) && !state.isSaved, (href) => router.push(href));
  // Text that is not a valid spec cannot be shown as a form: the edits would be lost.
  const view = trouble === null ? asked : 'json';
  const isBlocked = trouble !== null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isBlocked || state.isSaving) return;
    event.preventDefault();
    state.save();
  };
  const switcher = (
    <Segmented
      label={t.view}
      value={view}
      onChange={(next) => void (trouble === null && setView(next))}
      options={[
        { value: 'form', label: t.form },
        { value: 'json', label: t.json },
      ]}
    />
  );
  return (
    <Page title={title} note={note} actions={switcher}>
      {children?.(state)}
      <div ref={container} onKeyDown={onKeyDown} className="grid gap-4">
        {view === 'form' ? (
          <FormView state={state} types={types} isNew={isNew} />
        ) : (
          <JsonView state={state} trouble={trouble} onTrouble={setTrouble} />
        )}
      </div>
      <ActionBar
        state={state}
        isNew={isNew}
        isBlocked={isBlocked}
        backHref={isNew ? '/jobs' : `/jobs/${encodeURIComponent(String(base.spec.job_id))}`}
      />
      {state.checked && (
        <CheckDialog
          result={state.checked}
          isNew={isNew}
          isSaving={state.isSaving}
          onSave={() => state.save()}
          onClose={state.closeCheck}
        />
      )}
      {guard.isAsking && (
        <ConfirmDialog
          onClose={guard.stay}
          title={t.leaveTitle}
          action={t.leave}
          danger
          onConfirm={guard.leave}
        >
          <p>{t.leaveText}</p>
        </ConfirmDialog>
      )}
    </Page>
  );
}
