'use client';

import { ErrorList, SchemaForm, errorsUnder, isObject, assignErrors, useSuggestions, type JsonObject, type JsonSchema } from '@/components/schema-form';
import { JsonEditor } from '@/components/json-editor';
import { ScheduleField } from '@/components/schedule/schedule-field';
import { SchedulePreview } from '@/components/schedule/schedule-preview';
import { Card } from '@/components/ui/card';
import type { Schemas } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { Advanced } from './advanced';
import { Basics } from './basics';
import { formTranslations } from './translations';
import { NeverRetried, RetryField, RetryOrigin } from './retry/retry-field';
import { RetryTimeline } from './retry/retry-timeline';
import { FORM_POINTERS, changedAdvanced } from './spec';
import type { JobFormState } from './use-job-form';

const EMPTY: JsonObject = {};
const TWO_COLUMNS = 'grid lg:grid-cols-2';
const SECOND_COLUMN = 'min-w-0 border-t p-3.5 lg:border-t-0 lg:border-l';

type Props = { state: JobFormState; types: readonly Schemas['JobTypeBody'][]; isNew: boolean };

/** The spec as a form: job, inputs, schedule, retries, and advanced fields in a collapsed section. */
export function FormView({ state, types, isNew }: Props) {
  const t = useTranslations(formTranslations);
  const { spec, set, errors } = state;
  const type = types.find((each) => each.type === spec.type);
  const { atFields, onTop } = assignErrors(errors, type ? [...FORM_POINTERS, '/inputs'] : FORM_POINTERS);
  return (
    <>
      <ErrorList errors={onTop} />
      <Card title={t.basics}>
        <Basics spec={spec} set={set} onType={state.setType} types={types} errors={atFields} isNew={isNew} />
      </Card>
      <Card title={t.inputs} aside={spec.type && <code className="font-mono">{String(spec.type)}</code>}>
        <div className="p-3.5">
          <Inputs state={state} type={type} />
        </div>
      </Card>
      <Card title={t.schedule}>
        <div className={TWO_COLUMNS}>
          <div className="min-w-0 p-3.5">
            <ScheduleField
              value={spec.schedule}
              onValue={(next) => set('schedule', next)}
              errors={errorsUnder(atFields, '/schedule')}
            />
          </div>
          <div className={SECOND_COLUMN}>
            <SchedulePreview schedule={spec.schedule} jitterSec={spec.jitter_sec} />
          </div>
        </div>
      </Card>
      <RetryCard state={state} type={type} />
      <AdvancedCard state={state} errors={atFields} timeoutMs={type?.defaults.timeout_ms} />
    </>
  );
}

function Inputs({ state, type }: TypeProps) {
  const t = useTranslations(formTranslations);
  const suggest = useSuggestions();
  const { spec, set, errors } = state;
  const inputs = isObject(spec.inputs) ? spec.inputs : EMPTY;
  if (type) {
    return (
      <SchemaForm
        key={type.type}
        schema={type.inputs as JsonSchema}
        value={inputs}
        onChange={(next) => set('inputs', next)}
        errors={errorsUnder(errors, '/inputs')}
        suggest={suggest}
      />
    );
  }
  if (!spec.type) return <p className="text-sm text-text-2">{t.chooseType}</p>;
  return (
    <>
      <p className="mb-2 text-sm text-text-2">{t.unknownType(String(spec.type))}</p>
      <JsonEditor label={t.inputs} value={inputs} rows={6} onValue={(next) => isObject(next) && set('inputs', next)} />
    </>
  );
}

type TypeProps = { state: JobFormState; type: Schemas['JobTypeBody'] | undefined };

function RetryCard({ state, type }: TypeProps) {
  const t = useTranslations(formTranslations);
  const { spec, set, errors } = state;
  const fallback = (type?.defaults.retry_policy ?? EMPTY) as JsonObject;
  const props = {
    value: spec.retry_policy,
    fallback,
    onValue: (next: JsonObject | undefined) => set('retry_policy', next),
    errors: errorsUnder(errors, '/retry_policy'),
  };
  return (
    <Card title={t.retry} aside={<RetryOrigin {...props} />}>
      <div className={TWO_COLUMNS}>
        <div className="min-w-0 p-3.5">
          <RetryField {...props} />
        </div>
        <div className={`${SECOND_COLUMN} grid content-start gap-4`}>
          <RetryTimeline policy={isObject(spec.retry_policy) ? spec.retry_policy : fallback} />
          <NeverRetried {...props} />
        </div>
      </div>
    </Card>
  );
}

type AdvancedCardProps = { state: JobFormState; errors: Readonly<Record<string, string>>; timeoutMs: number | undefined };

function AdvancedCard({ state, errors, timeoutMs }: AdvancedCardProps) {
  const t = useTranslations(formTranslations);
  const changed = changedAdvanced(state.spec, timeoutMs);
  return (
    <Card aria-label={t.advanced}>
      <details className="group">
        <summary className="flex min-h-10 items-center gap-2 rounded-card px-3.5 py-1.5">
          <span aria-hidden className="text-text-3 transition-transform duration-[120ms] group-open:rotate-90">
            ›
          </span>
          <span className="text-sm font-semibold">{t.advanced}</span>
          <span className="ml-auto min-w-0 truncate text-xs text-text-3">
            {changed.length > 0 ? <code className="font-mono">{changed.join(' · ')}</code> : t.advancedHint}
          </span>
        </summary>
        <div className="border-t">
          <Advanced spec={state.spec} set={state.set} errors={errors} timeoutMs={timeoutMs} />
        </div>
      </details>
    </Card>
  );
}
