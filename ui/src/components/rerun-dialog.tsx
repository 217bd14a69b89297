'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { JsonEditor } from '@/components/json-editor';
import { ErrorList, SchemaForm, errorsUnder, fieldErrors, isObject, type JsonObject, type JsonSchema } from '@/components/schema-form';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/states';
import { useAction } from '@/lib/api/use-action';
import { api, newIdempotencyKey, unwrap, type Schemas } from '@/lib/api/client';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';

const translations = defineTranslations(
  {
    title: 'Run again',
    text: (run: string) => `A new run with these inputs. ${run} stays as it is.`,
    asForm: 'Form',
    asJson: 'JSON',
    inputs: 'Inputs',
    reset: 'As they were',
    cancel: 'Close',
    same: 'Run again',
    edited: 'Run with these inputs',
  },
  {
    title: 'Jalankan ulang',
    text: (run: string) => `Run baru dengan masukan ini. ${run} tetap apa adanya.`,
    asForm: 'Formulir',
    asJson: 'JSON',
    inputs: 'Masukan',
    reset: 'Seperti semula',
    cancel: 'Tutup',
    same: 'Jalankan ulang',
    edited: 'Jalankan dengan masukan ini',
  },
);

type Props = {
  run: Pick<Schemas['RunBody'], 'run_id' | 'type' | 'inputs'>;
  onClose: () => void;
  onStarted: (runId: string) => void;
};

/** Runs a job again with the inputs of one of its runs, unchanged or edited. */
export function RerunDialog({ run, onClose, onStarted }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  const original: JsonObject = isObject(run.inputs) ? run.inputs : {};
  const [inputs, setInputs] = useState<JsonObject>(original);
  const [isJson, setJson] = useState(false);
  const [isBroken, setBroken] = useState(false);
  // One idempotency key for one action: a repeated request with the same inputs starts one run.
  const [key, setKey] = useState(newIdempotencyKey);
  const types = useQuery(queries.jobTypes());
  const schema = types.data?.find((each) => each.type === run.type)?.inputs as JsonSchema | undefined;
  const isEdited = JSON.stringify(inputs) !== JSON.stringify(original);
  const rerun = useAction({
    quiet: true,
    run: () =>
      unwrap(
        api.POST('/runs/{run_id}/rerun', {
          params: { path: { run_id: run.run_id }, header: { 'Idempotency-Key': key } },
          body: { delay_sec: 0, inputs: isEdited ? inputs : null },
        }),
      ),
    onSuccess: (started) => onStarted(started.run_id),
  });
  const change = (next: JsonObject) => {
    setInputs(next);
    setKey(newIdempotencyKey());
    rerun.reset();
  };
  const problem = rerun.error;
  const errors = problem ? errorsUnder(fieldErrors(problem.fields, lang), '/inputs') : undefined;
  return (
    <Dialog
      onClose={onClose}
      title={t.title}
      description={t.text(run.run_id)}
      footer={
        <>
          {isEdited && (
            <Button variant="ghost" onClick={() => change(original)} className="mr-auto">
              {t.reset}
            </Button>
          )}
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button variant="primary" disabled={isBroken} pending={rerun.isPending} onClick={() => rerun.mutate()}>
            {isEdited ? t.edited : t.same}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {problem && problem.fields.length === 0 && (
          <p role="alert" className="rounded-control bg-tone-bg px-3 py-2 text-sm text-tone-text tone-fail">
            {problem.detail}
            {problem.traceId && <code className="block font-mono text-xs">{problem.traceId}</code>}
          </p>
        )}
        {schema && (
          <div role="group" aria-label={t.inputs} className="flex gap-1">
            {[false, true].map((json) => (
              <Button key={String(json)} size="small" variant={json === isJson ? 'default' : 'ghost'} aria-pressed={json === isJson} disabled={isBroken} onClick={() => setJson(json)}>
                {json ? t.asJson : t.asForm}
              </Button>
            ))}
          </div>
        )}
        {types.isPending ? (
          <Skeleton className="h-40" />
        ) : schema && !isJson ? (
          <SchemaForm schema={schema} value={inputs} onChange={change} errors={errors} />
        ) : (
          <>
            {errors && <ErrorList errors={errors} />}
            <JsonEditor
              label={t.inputs}
              value={inputs}
              onValue={(value) => isObject(value) && change(value)}
              onFault={(fault) => setBroken(fault !== null)}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}
