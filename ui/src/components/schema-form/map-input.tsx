'use client';

import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import type { JsonObject } from './schema';

const translations = defineTranslations(
  {
    name: (label: string, n: number) => `${label}: name ${n}`,
    value: (label: string, n: number) => `${label}: value ${n}`,
    remove: (n: number) => `Remove row ${n}`,
    add: 'Add',
    nameHint: 'Name',
    valueHint: 'Value',
  },
  {
    name: (label: string, n: number) => `${label}: nama ${n}`,
    value: (label: string, n: number) => `${label}: nilai ${n}`,
    remove: (n: number) => `Hapus baris ${n}`,
    add: 'Tambah',
    nameHint: 'Nama',
    valueHint: 'Nilai',
  },
);

type Row = { name: string; value: string };

function rowsOf(value: JsonObject): Row[] {
  return Object.entries(value).map(([name, each]) => ({ name, value: String(each) }));
}

function objectOf(rows: readonly Row[]): JsonObject | undefined {
  const named = rows.filter((row) => row.name !== '');
  return named.length === 0 ? undefined : Object.fromEntries(named.map((row) => [row.name, row.value]));
}

type Props = {
  label: string;
  value: JsonObject;
  onValue: (value: JsonObject | undefined) => void;
  disabled?: boolean;
  invalid?: boolean;
  describedBy?: string;
};

/** Names with a value each, as rows; a row without a name is not sent. */
export function MapInput({ label, value, onValue, disabled, invalid, describedBy }: Props) {
  const t = useTranslations(translations);
  const [rows, setRows] = useState(() => rowsOf(value));
  const json = JSON.stringify(value);
  const [reported, setReported] = useState(json);
  if (json !== reported) {
    setReported(json);
    if (JSON.stringify(objectOf(rows) ?? {}) !== json) setRows(rowsOf(value));
  }
  const change = (next: Row[]) => {
    setRows(next);
    onValue(objectOf(next));
  };
  const edit = (at: number, part: Partial<Row>) =>
    change(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  const aria = { 'aria-invalid': invalid || undefined, 'aria-describedby': describedBy, disabled };
  return (
    <div className="grid gap-1.5">
      {rows.map((row, at) => (
        <div key={at} className="flex gap-1.5">
          <Input
            {...aria}
            aria-label={t.name(label, at + 1)}
            placeholder={t.nameHint}
            value={row.name}
            spellCheck={false}
            onChange={(event) => edit(at, { name: event.target.value })}
            className="max-w-[40%] font-mono text-xs"
          />
          <Input
            {...aria}
            aria-label={t.value(label, at + 1)}
            placeholder={t.valueHint}
            value={row.value}
            spellCheck={false}
            onChange={(event) => edit(at, { value: event.target.value })}
            className="font-mono text-xs"
          />
          <Button
            variant="ghost"
            size="icon"
            disabled={disabled}
            aria-label={t.remove(at + 1)}
            onClick={() => change(rows.filter((_, index) => index !== at))}
          >
            <X aria-hidden className="size-3.5" />
          </Button>
        </div>
      ))}
      <div>
        <Button size="small" disabled={disabled} aria-label={`${t.add}: ${label}`} onClick={() => setRows([...rows, { name: '', value: '' }])}>
          <Plus aria-hidden className="size-3" />
          {t.add}
        </Button>
      </div>
    </div>
  );
}
