'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type RefObject } from 'react';
import {
  NO_ERRORS,
  fieldErrors,
  focusFirstError,
  isObject,
  withKey,
  type FieldErrors,
  type Json,
  type JsonObject,
} from '@/components/schema-form';
import { useAction } from '@/lib/api/use-action';
import { api, newIdempotencyKey, unwrap, type ApiError, type Schemas } from '@/lib/api/client';
import { useLang, useTranslations } from '@/lib/i18n';
import { formTranslations } from './translations';
import { carryInputs, differences, remainingErrors } from './spec';

export type Base = {
  spec: JsonObject;
  /** The edited version; null for a new job. */
  version: number | null;
};

export type Saved = { job_id: string; version: number };

type Options = {
  base: Base;
  types: readonly Schemas['JobTypeBody'][];
  /** The element of the form: the first refused field is focused. */
  container: RefObject<HTMLElement | null>;
  onSaved: (saved: Saved) => void;
  /** The job was saved or deleted by someone else. */
  onConflict: () => void;
};

const CONFLICTS: ReadonlySet<string> = new Set(['precondition_failed', 'version_conflict']);

type SpecInput = Schemas['JobSpecInput'];

function save(spec: JsonObject, version: number | null): Promise<Saved> {
  const body = spec as unknown as SpecInput;
  if (version === null) {
    return unwrap(api.POST('/jobs', { params: { header: { 'Idempotency-Key': newIdempotencyKey() } }, body }));
  }
  const params = { path: { job_id: String(spec.job_id) }, header: { 'If-Match': `"v${version}"` } };
  return unwrap(api.PUT('/jobs/{job_id}', { params, body }));
}

/** The state of a job form: the spec, its errors, and the changes that saving would make. */
export function useJobForm({ base, types, container, onSaved, onConflict }: Options) {
  const t = useTranslations(formTranslations);
  const lang = useLang();
  const cache = useQueryClient();
  const [spec, setSpec] = useState(base.spec);
  const [switched, setSwitched] = useState(base.spec.enabled);
  const [errors, setErrors] = useState<FieldErrors>(NO_ERRORS);
  const [refused, setRefused] = useState(0);
  const [conflicts, setConflicts] = useState(0);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [checked, setChecked] = useState<Schemas['SpecCheckBody'] | null>(null);
  // The inputs of other types, in case the user goes back to them.
  const keptInputs = useRef<Record<string, JsonObject>>({});

  // Follow `enabled` from the server unless it was edited here.
  if (base.spec.enabled !== switched) {
    setSwitched(base.spec.enabled);
    if (spec.enabled === switched) setSpec(withKey(spec, 'enabled', base.spec.enabled));
  }

  useEffect(() => {
    if (refused > 0) focusFirstError(container.current);
  }, [refused, container]);

  const change = (next: JsonObject) => {
    setErrors(remainingErrors(errors, spec, next));
    setProblem(null);
    setSpec(next);
  };
  const set = (name: string, value: Json | undefined) => change(withKey(spec, name, value));
  const setType = (type: string) => {
    const properties = types.find((each) => each.type === type)?.inputs.properties as object | undefined;
    if (isObject(spec.inputs)) keptInputs.current[String(spec.type)] = spec.inputs;
    const inputs = keptInputs.current[type] ?? carryInputs(spec.inputs, properties);
    change({ ...spec, type, inputs });
    setErrors(Object.fromEntries(Object.entries(errors).filter(([pointer]) => !/^\/(inputs|type)(\/|$)/.test(pointer))));
  };
  const refuse = (error: ApiError) => {
    setChecked(null);
    if (error.code === 'job_exists') setErrors({ '/job_id': t.exists });
    else if (error.fields.length > 0) setErrors(fieldErrors(error.fields, lang));
    else if (CONFLICTS.has(error.code) || error.code === 'job_not_found') {
      setConflicts((count) => count + 1);
      onConflict();
    } else setProblem(error);
    setRefused((count) => count + 1);
  };
  const checking = useAction({
    run: () => unwrap(api.POST('/jobs/check', { body: { spec } })),
    quiet: true,
    onSuccess: (result) => {
      setErrors(NO_ERRORS);
      setProblem(null);
      setChecked(result);
    },
    onError: refuse,
  });
  const saving = useAction({
    run: (version: number | null) => save(spec, version),
    quiet: true,
    onSuccess: async (saved) => {
      setChecked(null);
      onSaved(saved);
      await Promise.all([
        cache.invalidateQueries({ queryKey: ['jobs'] }),
        cache.invalidateQueries({ queryKey: ['job', saved.job_id] }),
      ]);
    },
    onError: refuse,
  });
  return {
    spec,
    errors,
    problem,
    /** The number of saves that a conflict refused. */
    conflicts,
    checked,
    closeCheck: () => setChecked(null),
    isDirty: differences(base.spec, spec).length > 0,
    change,
    set,
    setType,
    check: () => checking.mutate(),
    save: (version = base.version) => saving.mutate(version),
    isChecking: checking.isPending,
    isSaving: saving.isPending,
    isSaved: saving.isSuccess,
  };
}

export type JobFormState = ReturnType<typeof useJobForm>;
