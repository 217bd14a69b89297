'use client';

import { ListInput, withKey, type FieldErrors, type Json, type JsonObject } from '@/components/schema-form';
import { Checkbox, Field, Input } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import { DateList } from './date-list';
import { INDONESIA, cleanRules, numberList, readDays, textList } from './skip-model';
import { skipTranslations } from './skip-translations';
import { WeekdayBoxes } from './weekday-boxes';
import { WindowList } from './window-list';

type Props = {
  value: JsonObject;
  onValue: (rules: JsonObject) => void;
  /** By pointer below the rules: `/dates`. */
  errors: FieldErrors;
};

/** Days and times of day at which nothing runs: those of a schedule, or of a calendar. */
export function SkipRules({ value, onValue, errors }: Props) {
  const t = useTranslations(skipTranslations);
  const set = (name: string, next: Json | undefined) => onValue(cleanRules(withKey(value, name, next)));
  const hasHolidays = typeof value.holidays === 'string';
  return (
    <div className="grid gap-4">
      <div className="grid gap-2">
        <label className="flex items-center gap-1.5 text-sm">
          <Checkbox checked={hasHolidays} onChange={(event) => set('holidays', event.target.checked ? INDONESIA : undefined)} />
          {t.holidays}
        </label>
        {hasHolidays && (
          <div className="grid gap-2 pl-5">
            {value.holidays === INDONESIA && (
              <label className="flex items-center gap-1.5 text-sm">
                <Checkbox checked={value.cuti_bersama === true} onChange={(event) => set('cuti_bersama', event.target.checked)} />
                {t.joint}
              </label>
            )}
            <div className="grid items-start gap-3 sm:grid-cols-[112px_minmax(0,1fr)]">
              <Field label={t.country} hint={t.countryHint} error={errors['/holidays'] ?? errors['/cuti_bersama']}>
                {(ids) => (
                  <Input
                    {...ids}
                    maxLength={2}
                    autoComplete="off"
                    spellCheck={false}
                    defaultValue={String(value.holidays)}
                    onChange={(event) => /^[a-z]{2}$/i.test(event.target.value) && set('holidays', event.target.value.toUpperCase())}
                  />
                )}
              </Field>
              <Field label={t.names} hint={t.namesHint} error={errors['/names']}>
                {(ids) => <ListInput {...ids} value={textList(value.names)} onValue={(names) => set('names', names)} />}
              </Field>
            </div>
          </div>
        )}
      </div>
      <div className="grid gap-1">
        <span aria-hidden className="text-xs font-medium text-text-2">
          {t.weekdays}
        </span>
        <WeekdayBoxes label={t.weekdays} days={numberList(value.weekdays)} onDays={(days) => set('weekdays', days)} />
        {errors['/weekdays'] && <p className="text-xs text-tone-text tone-fail">{errors['/weekdays']}</p>}
      </div>
      <DateList value={textList(value.dates)} onValue={(dates) => set('dates', dates)} error={errors['/dates']} />
      <Field label={t.monthDays} hint={t.monthDaysHint} error={errors['/days_of_month']}>
        {(ids) => <ListInput {...ids} value={textList(value.days_of_month)} onValue={(days) => set('days_of_month', readDays(days))} />}
      </Field>
      <WindowList value={textList(value.windows)} onValue={(windows) => set('windows', windows)} error={errors['/windows']} />
    </div>
  );
}
