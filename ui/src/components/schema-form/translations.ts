import { defineTranslations } from '@/lib/i18n';
import type { JsonSchema } from './schema';

export const formTranslations = defineTranslations(
  {
    required: 'required',
    choose: 'Choose…',
    none: 'Not set',
    byDefault: (value: string) => `${value} (default)`,
    range: (from: string, to: string) => `${from} to ${to}`,
    atLeast: (n: string) => `at least ${n}`,
    moreThan: (n: string) => `more than ${n}`,
    atMost: (n: string) => `at most ${n}`,
    defaultIs: (value: string) => `default ${value}`,
    add: (label: string) => `Set: ${label}`,
    remove: (label: string) => `Leave out: ${label}`,
    set: 'Set',
    leaveOut: 'Leave out',
    elsewhere: 'Needs correction',
    noFields: 'Nothing to fill in here.',
    json: 'As JSON',
  },
  {
    required: 'wajib',
    choose: 'Pilih…',
    none: 'Tidak diisi',
    byDefault: (value: string) => `${value} (bawaan)`,
    range: (from: string, to: string) => `${from} sampai ${to}`,
    atLeast: (n: string) => `paling sedikit ${n}`,
    moreThan: (n: string) => `lebih dari ${n}`,
    atMost: (n: string) => `paling banyak ${n}`,
    defaultIs: (value: string) => `bawaan ${value}`,
    add: (label: string) => `Isi: ${label}`,
    remove: (label: string) => `Kosongkan: ${label}`,
    set: 'Isi',
    leaveOut: 'Kosongkan',
    elsewhere: 'Perlu diperbaiki',
    noFields: 'Tidak ada yang perlu diisi.',
    json: 'Sebagai JSON',
  },
);

type Words = (typeof formTranslations)['en'];

/** The limits of a number and its default, in words. */
export function limitsOf(schema: JsonSchema, t: Words): string {
  if (schema.type !== 'number' && schema.type !== 'integer') return '';
  const { minimum: min, exclusiveMinimum: above, maximum: max } = schema;
  const parts: string[] = [];
  if (min !== undefined && max !== undefined) parts.push(t.range(String(min), String(max)));
  else {
    if (min !== undefined) parts.push(t.atLeast(String(min)));
    if (above !== undefined) parts.push(t.moreThan(String(above)));
    if (max !== undefined) parts.push(t.atMost(String(max)));
  }
  if (schema.default !== undefined && schema.default !== null) parts.push(t.defaultIs(String(schema.default)));
  return parts.join(', ');
}
