'use client';

import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useRef, useState } from 'react';
import { JsonEditor } from '@/components/json-editor';
import {
  NO_ERRORS,
  NumberInput,
  SchemaForm,
  errorsUnder,
  fieldErrors,
  isObject,
  useSuggestions,
  type JsonObject,
  type JsonSchema,
} from '@/components/schema-form';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { useAction } from '@/lib/api/use-action';
import { api, newIdempotencyKey, unwrap, type Schemas } from '@/lib/api/client';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries, type Job } from '@/lib/api/queries';
import { RunStarted } from './run-started';
import { runNowTranslations } from './run-now-translations';

type RunRequest = Schemas['RunRequest'];

/** Starts a run: with the job's inputs or others, now or later; then follows that run. */
export function RunNowDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useTranslations(runNowTranslations);
  const lang = useLang();
  const [isEdited, setEdited] = useState(false);
  const [inputs, setInputs] = useState<JsonObject>(job.inputs as JsonObject);
  const [isBroken, setBroken] = useState(false);
  const [delay, setDelay] = useState<number | string | undefined>(undefined);
  // One idempotency key for one action: a repeated request after an outage starts no second run.
  const act = useRef({ request: '', key: '' });

  const start = useAction({
    quiet: true,
    run: (wish: RunRequest) => {
      const text = JSON.stringify(wish);
      if (act.current.request !== text) act.current = { request: text, key: newIdempotencyKey() };
      return unwrap(
        api.POST('/jobs/{job_id}/run', {
          params: { path: { job_id: job.job_id }, header: { 'Idempotency-Key': act.current.key } },
          body: wish,
        }),
      );
    },
    onSuccess: () => {
      act.current = { request: '', key: '' };
    },
  });
  const errors = start.error ? fieldErrors(start.error.fields, lang) : NO_ERRORS;
  const atInputs = errorsUnder(errors, '/inputs');
  const delayError = errors['/delay_sec'];
  const hasPlace = Object.keys(atInputs).length > 0 || delayError !== undefined;
  // An invalid delay is sent unchanged: the API explains the error.
  const wish = { ...(isEdited ? { inputs } : {}), ...(delay === undefined ? {} : { delay_sec: delay as number }) };

  return (
    <Dialog
      onClose={onClose}
      title={t.title(job.job_id)}
      description={start.data ? undefined : t.lead}
      footer={
        start.data ? (
          <>
            <Button onClick={() => start.reset()}>{t.again}</Button>
            <Button variant="primary" onClick={onClose}>
              {t.close}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t.cancel}</Button>
            <Button variant="primary" form="run-now" type="submit" pending={start.isPending} disabled={isEdited && isBroken}>
              <Play aria-hidden className="size-3.5" />
              {delay === undefined ? t.run : t.runLater}
            </Button>
          </>
        )
      }
    >
      {start.data ? (
        <RunStarted runId={start.data.run_id} />
      ) : (
        <form
          id="run-now"
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            start.mutate(wish);
          }}
        >
          <fieldset className="grid gap-2 sm:grid-cols-2">
            <legend className="mb-1 text-xs font-medium text-text-2">{t.inputs}</legend>
            <Choice name={t.asIs} hint={t.asIsHint} isChosen={!isEdited} onChoose={() => setEdited(false)} />
            <Choice name={t.edited} hint={t.editedHint} isChosen={isEdited} onChoose={() => setEdited(true)} />
          </fieldset>
          {isEdited && <Inputs job={job} value={inputs} onChange={setInputs} errors={atInputs} disabled={start.isPending} onBroken={setBroken} />}
          <Field label={t.delay} hint={t.delayHint} error={delayError} className="max-w-60">
            {(ids) => <NumberInput {...ids} value={delay} onValue={setDelay} placeholder="0" />}
          </Field>
          {start.error && !hasPlace && (
            <p role="alert" className="text-sm text-tone-text tone-fail">
              {start.error.title}: {start.error.detail}
              {start.error.traceId && <code className="block font-mono text-xs text-text-3">{start.error.traceId}</code>}
            </p>
          )}
        </form>
      )}
    </Dialog>
  );
}

function Choice({ name, hint, isChosen, onChoose }: { name: string; hint: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <label className="flex cursor-pointer items-start gap-2 rounded-control border px-2.5 py-2 has-checked:border-ink has-focus-visible:outline-2 has-focus-visible:outline-focus">
      <input type="radio" name="inputs" checked={isChosen} onChange={onChoose} className="mt-1 accent-ink focus-visible:outline-none" />
      <span>
        <span className="block text-sm font-medium">{name}</span>
        <span className="block text-xs text-text-3">{hint}</span>
      </span>
    </label>
  );
}

type InputsProps = {
  job: Job;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  errors: Readonly<Record<string, string>>;
  disabled: boolean;
  onBroken: (isBroken: boolean) => void;
};

function Inputs({ job, value, onChange, errors, disabled, onBroken }: InputsProps) {
  const t = useTranslations(runNowTranslations);
  const suggest = useSuggestions();
  const types = useQuery(queries.jobTypes());
  const schema = types.data?.find((each) => each.type === job.type)?.inputs;
  if (types.error) return <ErrorState error={types.error} onRetry={() => void types.refetch()} />;
  if (types.isPending) return <SkeletonRows rows={3} />;
  // A type that no worker here supports has no form.
  if (!schema) return <JsonEditor label={t.inputs} value={value} onValue={(next) => isObject(next) && onChange(next)} onFault={(fault) => onBroken(fault !== null)} rows={10} />;
  return (
    <SchemaForm
      schema={schema as JsonSchema}
      value={value}
      onChange={onChange}
      errors={errors}
      disabled={disabled}
      suggest={suggest}
    />
  );
}
