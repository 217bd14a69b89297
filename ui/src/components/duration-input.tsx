'use client';

import { useState } from 'react';
import { NumberInput, type Json } from '@/components/schema-form';
import { Options, Select } from '@/components/ui/field';
import { defineTranslations, useTranslations } from '@/lib/i18n';

const translations = defineTranslations(
  { ms: 'milliseconds', s: 'seconds', min: 'minutes', h: 'hours', d: 'days', unit: 'Unit' },
  { ms: 'milidetik', s: 'detik', min: 'menit', h: 'jam', d: 'hari', unit: 'Satuan' },
);

export type Unit = 'ms' | 's' | 'min' | 'h' | 'd';

const UNIT_MS: Record<Unit, number> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

type Ids = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true };

type Props = {
  ids: Ids;
  value: Json | undefined;
  onValue: (value: Json | undefined) => void;
  /** The unit of the spec. */
  base: 'ms' | 's';
  units: readonly Unit[];
  /** The default value, in the unit of the spec. */
  fallback?: number;
  /** The field's label, for the name of the unit select. */
  label: string;
};

/** The largest unit in which the duration is a whole number. */
function fittingUnit(value: Json | undefined, base: 'ms' | 's', units: readonly Unit[]): Unit {
  const fits = (unit: Unit) => typeof value === 'number' && value > 0 && (value * UNIT_MS[base]) % UNIT_MS[unit] === 0;
  return units.findLast(fits) ?? units[0] ?? base;
}

/** A duration as a number and a unit; the spec gets it in its own unit. */
export function DurationInput({ ids, value, onValue, base, units, fallback, label }: Props) {
  const t = useTranslations(translations);
  const [unit, setUnit] = useState(() => fittingUnit(value ?? fallback, base, units));
  const [reported, setReported] = useState(value);
  if (value !== reported) {
    setReported(value);
    setUnit(fittingUnit(value ?? fallback, base, units));
  }
  const size = UNIT_MS[unit] / UNIT_MS[base];
  const toShown = (each: Json | undefined) => (typeof each === 'number' ? round(each / size) : each);
  const change = (shown: number | string | undefined, by = size) => {
    const next = typeof shown === 'number' ? round(shown * by) : shown;
    setReported(next);
    onValue(next);
  };
  return (
    <div className="flex gap-1.5">
      <NumberInput
        {...ids}
        value={toShown(value)}
        placeholder={fallback === undefined ? undefined : String(round(fallback / size))}
        onValue={(shown) => change(shown)}
        className="min-w-16"
      />
      <div className="w-36 shrink-0">
        <Select
          aria-label={`${label}: ${t.unit}`}
          value={unit}
          onChange={(event) => {
            const next = event.target.value as Unit;
            setUnit(next);
            // Changing the unit keeps the number: "5" minutes become "5" hours.
            const shown = toShown(value);
            if (typeof shown === 'number') change(shown, UNIT_MS[next] / UNIT_MS[base]);
          }}
        >
          <Options values={units} label={(each) => t[each]} />
        </Select>
      </div>
    </div>
  );
}

/** Removes rounding errors of binary fractions: 0.1 hours are 360 seconds. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
