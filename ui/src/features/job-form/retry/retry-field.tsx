'use client';

import { useState } from 'react';
import { isObject, ListInput, NumberInput, withKey, type FieldErrors, type Json, type JsonObject } from '@/components/schema-form';
import { Segmented } from '@/components/segmented';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { readWaits, retryKind, switchRetryKind, writeWaits } from './retry-model';
import { retryTranslations } from './translations';

const EMPTY: JsonObject = {};

type Props = {
  value: Json | undefined;
  /** The policy of the job type, used if the spec has none. */
  fallback: JsonObject;
  onValue: (value: JsonObject | undefined) => void;
  errors: FieldErrors;
};

/** The retry policy: number of retries and waits. */
export function RetryField({ value, fallback, onValue, errors }: Props) {
  const t = useTranslations(retryTranslations);
  const lang = useLang();
  const policy = isObject(value) ? value : fallback;
  const set = (name: string, next: Json | undefined) => onValue(withKey(policy, name, next));
  const retries = policy.max_retry ?? 3;
  const kind = retryKind(policy);
  return (
    <div className="grid content-start gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label={t.max}
          hint={typeof retries === 'number' ? t.maxHint(formatNumber(retries + 1, lang)) : t.maxRange}
          error={errors['/max_retry'] ?? errors['']}
        >
          {(ids) => <NumberInput {...ids} whole value={policy.max_retry} placeholder="3" onValue={(next) => set('max_retry', next)} />}
        </Field>
        <Field label={t.jitter} hint={t.jitterHint} error={errors['/jitter']}>
          {(ids) => <NumberInput {...ids} value={policy.jitter} placeholder="0" onValue={(next) => set('jitter', next)} />}
        </Field>
      </div>
      <Segmented
        label={t.waits}
        value={kind}
        onChange={(next) => onValue(switchRetryKind(policy, next))}
        options={[
          { value: 'exponential', label: t.exponential },
          { value: 'list', label: t.list },
        ]}
      />
      {kind === 'list' ? (
        <WaitList backoff={policy.backoff_sec} onBackoff={(next) => set('backoff_sec', next)} error={listError(errors)} />
      ) : (
        <BackoffFields
          rule={isObject(policy.backoff_sec) ? policy.backoff_sec : EMPTY}
          onRule={(next) => set('backoff_sec', next)}
          errors={errors}
        />
      )}
    </div>
  );
}

/** The errors that end a run at once. */
export function NeverRetried({ value, fallback, onValue, errors }: Props) {
  const t = useTranslations(retryTranslations);
  const policy = isObject(value) ? value : fallback;
  return (
    <Field label={t.never} hint={t.neverHint} error={errors['/non_retryable']}>
      {(ids) => (
        <ListInput
          {...ids}
          mono
          value={Array.isArray(policy.non_retryable) ? policy.non_retryable.map(String) : []}
          onValue={(next) => onValue(withKey(policy, 'non_retryable', next))}
        />
      )}
    </Field>
  );
}

/** The origin of the policy: the job type, or this job, which can go back to the type's policy. */
export function RetryOrigin({ value, onValue }: Pick<Props, 'value' | 'onValue'>) {
  const t = useTranslations(retryTranslations);
  if (value === undefined) return t.ownDefault;
  return (
    <Button size="small" onClick={() => onValue(undefined)}>
      {t.reset}
    </Button>
  );
}

/** The first problem of the list, or of one of its waits. */
function listError(errors: FieldErrors): string | undefined {
  return Object.entries(errors).find(([pointer]) => pointer.startsWith('/backoff_sec'))?.[1];
}

function WaitList({ backoff, onBackoff, error }: { backoff: Json | undefined; onBackoff: (next: Json) => void; error?: string }) {
  const t = useTranslations(retryTranslations);
  const waitsText = writeWaits(backoff);
  const [text, setText] = useState(waitsText);
  const [said, setSaid] = useState(waitsText);
  if (waitsText !== said) {
    setSaid(waitsText);
    setText(waitsText);
  }
  return (
    <Field label={t.listLabel} hint={t.listHint} error={error}>
      {(ids) => (
        <Input
          {...ids}
          value={text}
          inputMode="decimal"
          autoComplete="off"
          onChange={(event) => {
            const next = readWaits(event.target.value);
            setText(event.target.value);
            setSaid(writeWaits(next));
            onBackoff(next);
          }}
        />
      )}
    </Field>
  );
}

function BackoffFields({ rule, onRule, errors }: { rule: JsonObject; onRule: (next: JsonObject) => void; errors: FieldErrors }) {
  const t = useTranslations(retryTranslations);
  const parts = [
    { name: 'base', label: t.base, hint: t.seconds, fallback: '1' },
    { name: 'factor', label: t.factor, hint: t.factorHint, fallback: '2' },
    { name: 'max', label: t.longest, hint: t.seconds, fallback: '300' },
  ];
  return (
    <div className="grid grid-cols-3 gap-3">
      {parts.map(({ name, label, hint, fallback }) => (
        <Field key={name} label={label} hint={hint} error={errors[`/backoff_sec/${name}`]}>
          {(ids) => (
            <NumberInput
              {...ids}
              value={rule[name]}
              placeholder={fallback}
              onValue={(next) => onRule(withKey(rule, name, next))}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
