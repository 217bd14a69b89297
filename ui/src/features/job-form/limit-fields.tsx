'use client';

import { isObject, NumberInput, withKey, type Json } from '@/components/schema-form';
import { Field, Input, Select } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import type { AdvancedProps } from './advanced';
import { limitTranslations } from './limit-translations';

type PartProps = Omit<AdvancedProps, 'timeoutMs'>;
const TURNS = 'group_round_robin';

/** The concurrency key of a job with its groups, and its rate. */
export function LimitFields(props: PartProps) {
  return (
    <>
      <ConcurrencyFields {...props} />
      <RateFields {...props} />
    </>
  );
}

function usePart({ spec, set }: PartProps, field: string) {
  const found = spec[field];
  const value = isObject(found) ? found : {};
  const change = (name: string, next: Json | undefined) => {
    const after = withKey(value, name, next);
    set(field, Object.keys(after).length === 0 ? undefined : after);
  };
  return [value, change] as const;
}

type TextProps = { label: string; hint: string; error?: string; value: Json | undefined; placeholder?: string; onValue: (next: string | undefined) => void };

function TextField({ label, hint, error, value, placeholder, onValue }: TextProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <Input
          {...ids}
          value={String(value ?? '')}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onValue(event.target.value === '' ? undefined : event.target.value)}
          className="font-mono text-xs"
        />
      )}
    </Field>
  );
}

function ConcurrencyFields(props: PartProps) {
  const { errors } = props;
  const t = useTranslations(limitTranslations);
  const [concurrency, change] = usePart(props, 'concurrency');
  const hasGroups = Boolean(concurrency.group_by ?? concurrency.total ?? concurrency.strategy);
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_88px] gap-3 sm:col-span-2">
        <TextField label={t.key} hint={t.keyHint} error={errors['/concurrency/key'] ?? errors['/concurrency']} value={concurrency.key}
          onValue={(next) => change('key', next)} />
        <Field label={t.limit} hint={hasGroups ? t.limitOfGroup : t.limitHint} error={errors['/concurrency/limit']}>
          {(ids) => <NumberInput {...ids} whole value={concurrency.limit} onValue={(next) => change('limit', next)} />}
        </Field>
      </div>
      {(concurrency.key !== undefined || hasGroups) && (
        <div className="grid items-start gap-3 sm:col-span-2 sm:grid-cols-[minmax(0,1fr)_88px_minmax(0,1fr)] lg:col-span-3">
          <TextField label={t.groupBy} hint={t.groupByHint} error={errors['/concurrency/group_by']} value={concurrency.group_by}
            placeholder="inputs.customer_id" onValue={(next) => change('group_by', next)} />
          <Field label={t.total} hint={t.totalHint} error={errors['/concurrency/total']}>
            {(ids) => <NumberInput {...ids} whole value={concurrency.total} onValue={(next) => change('total', next)} />}
          </Field>
          <Field label={t.strategy} error={errors['/concurrency/strategy']}>
            {(ids) => (
              <Select {...ids} value={String(concurrency.strategy ?? '')}
                onChange={(event) => change('strategy', event.target.value === '' ? undefined : event.target.value)}>
                <option value="">{t.oldest}</option>
                <option value={TURNS}>{t.turns}</option>
              </Select>
            )}
          </Field>
        </div>
      )}
    </>
  );
}

function RateFields(props: PartProps) {
  const { errors } = props;
  const t = useTranslations(limitTranslations);
  const [rate, change] = usePart(props, 'rate');
  return (
    <div className="grid items-start gap-3 sm:col-span-2 sm:grid-cols-[minmax(0,1fr)_112px_minmax(0,1fr)] lg:col-span-3">
      <TextField label={t.rate} hint={t.rateHint} error={errors['/rate/key'] ?? errors['/rate']} value={rate.key}
        onValue={(next) => change('key', next)} />
      <Field label={t.perMinute} hint={t.perMinuteHint} error={errors['/rate/per_minute']}>
        {(ids) => <NumberInput {...ids} whole value={rate.per_minute} onValue={(next) => change('per_minute', next)} />}
      </Field>
      {(rate.key !== undefined || rate.group_by !== undefined) && (
        <TextField label={t.rateGroupBy} hint={t.rateGroupByHint} error={errors['/rate/group_by']} value={rate.group_by}
          placeholder="inputs.customer_id" onValue={(next) => change('group_by', next)} />
      )}
    </div>
  );
}
