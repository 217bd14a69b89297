'use client';

import { JsonEditor } from '@/components/json-editor';
import { ErrorList, isObject } from '@/components/schema-form';
import { Card } from '@/components/ui/card';
import { useTranslations } from '@/lib/i18n';
import { formTranslations } from './translations';
import type { JobFormState } from './use-job-form';

export type JsonTrouble = 'fault' | 'no-object' | null;

type Props = { state: JobFormState; trouble: JsonTrouble; onTrouble: (trouble: JsonTrouble) => void };

/** The spec as JSON; errors are shown above it with their pointers. */
export function JsonView({ state, trouble, onTrouble }: Props) {
  const t = useTranslations(formTranslations);
  return (
    <>
      <ErrorList errors={state.errors} />
      <Card className="p-3.5">
        {trouble === 'no-object' && <p className="mb-2 text-xs text-tone-text tone-fail">{t.jsonObject}</p>}
        <JsonEditor
          label={t.specJson}
          value={state.spec}
          boxClassName="h-[calc(100dvh-300px)]"
          onValue={(next) => {
            onTrouble(isObject(next) ? null : 'no-object');
            if (isObject(next)) state.change(next);
          }}
          onFault={(fault) => fault && onTrouble('fault')}
        />
      </Card>
    </>
  );
}
