'use client';

import { useRef, useState } from 'react';
import type { Json } from '@/components/schema-form';
import { Field, Input, Options, Select } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import { PRESET_KINDS, readPreset, switchPreset, writePreset, type Preset, type PresetKind } from './cron-presets';
import { scheduleTranslations } from './translations';
import { WeekdayBoxes } from './weekday-boxes';

type Props = { cron: Json | undefined; onCron: (cron: string) => void; error?: string };

/** A cron expression as a preset or as text; both stay in sync. */
export function CronFields({ cron, onCron, error }: Props) {
  const t = useTranslations(scheduleTranslations);
  const text = typeof cron === 'string' ? cron : '';
  const preset = readPreset(text);
  const [isOwn, setOwn] = useState(false);
  const expression = useRef<HTMLInputElement>(null);
  const shown = isOwn ? null : preset;
  const write = (next: Preset) => onCron(writePreset(next));
  const choose = (kind: string) => {
    setOwn(kind === 'custom');
    if (kind === 'custom') expression.current?.focus();
    else write(switchPreset(preset, kind as PresetKind));
  };
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t.rhythm}>
          {(ids) => (
            <Select {...ids} value={shown?.kind ?? 'custom'} onChange={(event) => choose(event.target.value)}>
              <Options values={PRESET_KINDS} label={(kind) => t[kind]} />
              <option value="custom">{t.custom}</option>
            </Select>
          )}
        </Field>
        {shown && <PresetFields preset={shown} onPreset={write} />}
      </div>
      {shown?.kind === 'weekly' && <WeekDays preset={shown} onPreset={write} />}
      <Field label={t.expression} hint={t.expressionHint} error={error}>
        {(ids) => (
          <Input
            {...ids}
            ref={expression}
            value={text}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onCron(event.target.value)}
            className="font-mono text-xs"
          />
        )}
      </Field>
    </>
  );
}

type PresetProps<T extends Preset = Preset> = { preset: T; onPreset: (preset: Preset) => void };

function PresetFields({ preset, onPreset }: PresetProps) {
  const t = useTranslations(scheduleTranslations);
  if (preset.kind === 'hourly') {
    return (
      <Field label={t.minute}>
        {(ids) => (
          <Select {...ids} value={preset.minute} onChange={(event) => onPreset({ ...preset, minute: Number(event.target.value) })}>
            {Array.from({ length: 60 }, (_, minute) => (
              <option key={minute} value={minute}>
                {String(minute).padStart(2, '0')}
              </option>
            ))}
          </Select>
        )}
      </Field>
    );
  }
  return (
    <div className={preset.kind === 'monthly' ? 'grid grid-cols-2 gap-3' : 'grid'}>
      {preset.kind === 'monthly' && <MonthDay preset={preset} onPreset={onPreset} />}
      <Field label={t.time}>
        {(ids) => (
          <Input
            {...ids}
            type="time"
            required
            value={preset.time}
            onChange={(event) => event.target.value && onPreset({ ...preset, time: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function MonthDay({ preset, onPreset }: PresetProps<Extract<Preset, { kind: 'monthly' }>>) {
  const t = useTranslations(scheduleTranslations);
  return (
    <Field label={t.day}>
      {(ids) => (
        <Select
          {...ids}
          value={String(preset.day)}
          onChange={({ target }) => onPreset({ ...preset, day: target.value === 'L' ? 'L' : Number(target.value) })}
        >
          {Array.from({ length: 31 }, (_, index) => (
            <option key={index} value={index + 1}>
              {index + 1}
            </option>
          ))}
          <option value="L">{t.lastDay}</option>
        </Select>
      )}
    </Field>
  );
}

function WeekDays({ preset, onPreset }: PresetProps<Extract<Preset, { kind: 'weekly' }>>) {
  const t = useTranslations(scheduleTranslations);
  // A weekly preset needs a day: the last one cannot be removed.
  return <WeekdayBoxes label={t.days} days={preset.days} onDays={(days) => days.length > 0 && onPreset({ ...preset, days })} />;
}
