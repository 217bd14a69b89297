'use client';

import { JsonView } from '@/components/json-view';
import { Card } from '@/components/ui/card';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import type { RunDetail } from '@/lib/api/queries';
import { RUN_STATES } from '@/lib/run-states';

const translations = defineTranslations(
  {
    input: 'Input',
    output: 'Output',
    progress: 'Last progress',
    report: 'Content',
    notYet: 'The run has not ended yet.',
    none: 'No result.',
    noInput: 'No inputs.',
  },
  {
    input: 'Masukan',
    output: 'Hasil',
    progress: 'Kemajuan terakhir',
    report: 'Isinya',
    notYet: 'Run ini belum selesai.',
    none: 'Tidak ada hasil.',
    noInput: 'Tidak ada masukan.',
  },
);

/** The readable texts of an output, longest first. */
const READABLE = ['markdown', 'text', 'summary'] as const;

export function readableOf(output: unknown): string | null {
  if (typeof output === 'string') return output;
  if (typeof output !== 'object' || output === null) return null;
  const found = READABLE.map((name) => (output as Record<string, unknown>)[name]);
  return found.find((text) => typeof text === 'string' && text.trim() !== '') as string | undefined ?? null;
}

/** Inputs and result of a run. */
export function IoTab({ run }: { run: RunDetail }) {
  const t = useTranslations(translations);
  const output: unknown = run.result?.output ?? null;
  const readable = readableOf(output);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Card title={t.input}>
        <Value value={run.inputs} label={t.input} empty={t.noInput} />
      </Card>
      <Card title={t.output}>
        <Value value={output} label={t.output} empty={RUN_STATES[run.status].isActive ? t.notYet : t.none} />
      </Card>
      {readable !== null && (
        <Card title={t.report} className="lg:col-span-2">
          <p className="max-w-prose px-3.5 py-3 break-words whitespace-pre-wrap">{readable}</p>
        </Card>
      )}
      {RUN_STATES[run.status].isActive && run.progress !== null && run.progress !== undefined && (
        <Card title={t.progress} className="lg:col-span-2">
          <Value value={run.progress} label={t.progress} empty={t.none} />
        </Card>
      )}
    </div>
  );
}

function Value({ value, label, empty }: { value: unknown; label: string; empty: string }) {
  const isEmpty = value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
  return (
    <div className="px-3.5 py-3">
      {isEmpty ? <p className="text-sm text-text-3">{empty}</p> : <JsonView value={value} label={label} />}
    </div>
  );
}
