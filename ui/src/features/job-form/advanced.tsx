'use client';

import { ListInput, NumberInput, type FieldErrors, type Json, type JsonObject } from '@/components/schema-form';
import { Field, Input, Select } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import { advancedTranslations } from './advanced-translations';
import { DurationInput } from '@/components/duration-input';
import { LimitFields } from './limit-fields';
import { useJobSuggestions } from './use-job-suggestions';

export type AdvancedProps = {
  spec: JsonObject;
  set: (name: string, value: Json | undefined) => void;
  errors: FieldErrors;
  /** The type's own time limit. */
  timeoutMs: number | undefined;
};

/** Settings that most jobs leave at their defaults. */
export function Advanced({ spec, set, errors, timeoutMs }: AdvancedProps) {
  const t = useTranslations(advancedTranslations);
  return (
    <div className="grid items-start gap-x-6 gap-y-4 p-3.5 sm:grid-cols-2 lg:grid-cols-3">
      <Field label={t.timeout} hint={t.timeoutHint} error={withUnit(errors['/timeout_ms'], 'ms')}>
        {(ids) => (
          <DurationInput
            key={timeoutMs}
            ids={ids}
            label={t.timeout}
            base="ms"
            units={['ms', 's', 'min', 'h']}
            fallback={timeoutMs}
            value={spec.timeout_ms}
            onValue={(next) => set('timeout_ms', next)}
          />
        )}
      </Field>
      <Choice name="priority" label={t.priority} fallback="normal" spec={spec} set={set} errors={errors}
        options={[['high', t.high], ['normal', t.normal], ['low', t.low]]} />
      <Field label={t.queueName} hint={t.queueHint} error={errors['/queue']}>
        {(ids) => (
          <Input
            {...ids}
            value={String(spec.queue ?? '')}
            placeholder="default"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => set('queue', event.target.value === '' ? undefined : event.target.value)}
            className="font-mono text-xs"
          />
        )}
      </Field>
      <Choice name="overlap" label={t.overlap} fallback="skip" spec={spec} set={set} errors={errors}
        options={[['skip', t.skip], ['queue', t.queue], ['cancel_running', t.cancel_running], ['allow', t.allow]]} />
      <Choice name="misfire" label={t.misfire} fallback="run_once" spec={spec} set={set} errors={errors}
        options={[['run_once', t.run_once], ['skip', t.skipMissed], ['run_all', t.run_all]]} />
      <Field label={t.grace} hint={t.graceHint} error={errors['/misfire_grace_sec']}>
        {(ids) => <NumberInput {...ids} whole value={spec.misfire_grace_sec} placeholder="10" onValue={(next) => set('misfire_grace_sec', next)} />}
      </Field>
      <Field label={t.jitter} hint={t.jitterHint} error={errors['/jitter_sec']}>
        {(ids) => <NumberInput {...ids} value={spec.jitter_sec} placeholder="0" onValue={(next) => set('jitter_sec', next)} />}
      </Field>
      <Field label={t.cooldown} hint={t.cooldownHint} error={withUnit(errors['/failure_cooldown_sec'], 's')}>
        {(ids) => (
          <DurationInput
            ids={ids}
            label={t.cooldown}
            base="s"
            units={['s', 'min', 'h']}
            fallback={0}
            value={spec.failure_cooldown_sec}
            onValue={(next) => set('failure_cooldown_sec', next)}
          />
        )}
      </Field>
      <LimitFields spec={spec} set={set} errors={errors} />
      <Chain name="on_success" label={t.success} spec={spec} set={set} errors={errors} />
      <Chain name="on_failure" label={t.failure} spec={spec} set={set} errors={errors} />
    </div>
  );
}

/** A limit from an API message, "At most 86400000", with its unit. */
function withUnit(message: string | undefined, unit: string): string | undefined {
  return message && /\d$/.test(message) ? `${message} ${unit}` : message;
}

type PartProps = Omit<AdvancedProps, 'timeoutMs'>;
type ChoiceProps = PartProps & {
  name: string;
  label: string;
  fallback: string;
  options: readonly (readonly [string, string])[];
};

function Choice({ name, label, fallback, options, spec, set, errors }: ChoiceProps) {
  const t = useTranslations(advancedTranslations);
  const value = spec[name];
  const isKnown = options.some(([each]) => each === value);
  return (
    <Field label={label} error={errors[`/${name}`]}>
      {(ids) => (
        <Select {...ids} value={String(value ?? fallback)} onChange={(event) => set(name, event.target.value)}>
          {value !== undefined && !isKnown && <option value={String(value)}>{String(value)}</option>}
          {options.map(([each, word]) => (
            <option key={each} value={each}>
              {each === fallback ? t.byDefault(word) : word}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function Chain({ name, label, spec, set, errors }: PartProps & { name: string; label: string }) {
  const t = useTranslations(advancedTranslations);
  const [names, search] = useJobSuggestions(String(spec.job_id ?? ''));
  const chosen = spec[name];
  return (
    <Field label={label} hint={t.chainHint} error={errors[`/${name}`]}>
      {(ids) => (
        <ListInput
          {...ids}
          mono
          placeholder={t.chainPlaceholder}
          value={Array.isArray(chosen) ? chosen.map(String) : []}
          onValue={(next) => set(name, next)}
          suggestions={names}
          onText={search}
        />
      )}
    </Field>
  );
}
