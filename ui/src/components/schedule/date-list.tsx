'use client';

import { X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox, Field, Input } from '@/components/ui/field';
import { useLang, useTranslations, type Lang } from '@/lib/i18n';
import { skipTranslations } from './skip-translations';

type Props = { value: readonly string[]; onValue: (dates: string[]) => void; error?: string };

/** "25 December 2026", or "25 December" for a date of each year; other text stays as it is. */
function dateText(date: string, lang: Lang): string {
  const isYearly = date.length === '12-25'.length;
  const at = Date.parse(`${isYearly ? `2000-${date}` : date}T00:00:00Z`);
  if (Number.isNaN(at)) return date;
  const format = new Intl.DateTimeFormat(lang === 'id' ? 'id-ID' : 'en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    ...(isYearly ? {} : { year: 'numeric' }),
  });
  return format.format(at);
}

/** Dates of one year or of each: a list, and a field that adds one. */
export function DateList({ value, onValue, error }: Props) {
  const t = useTranslations(skipTranslations);
  const lang = useLang();
  const [date, setDate] = useState('');
  const [isYearly, setYearly] = useState(false);
  const add = () => {
    const next = isYearly ? date.slice('2026-'.length) : date;
    if (next && !value.includes(next)) onValue([...value, next].toSorted());
    setDate('');
  };
  const name = (each: string) => (each.length === '12-25'.length ? t.everyYear(dateText(each, lang)) : dateText(each, lang));
  return (
    <div className="grid gap-1.5">
      <div className="flex flex-wrap items-end gap-x-3 gap-y-1.5">
        <Field label={t.dates} error={error} className="w-40">
          {(ids) => (
            <Input
              {...ids}
              type="date"
              value={date}
              onChange={(event) => setDate(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
                event.preventDefault();
                add();
              }}
            />
          )}
        </Field>
        <label className="flex h-7 items-center gap-1.5 text-sm">
          <Checkbox checked={isYearly} onChange={(event) => setYearly(event.target.checked)} />
          {t.eachYear}
        </label>
        <Button disabled={date === ''} aria-label={`${t.add}: ${t.date}`} onClick={add}>
          {t.add}
        </Button>
      </div>
      {value.length > 0 && (
        <ul aria-label={t.dates} className="flex flex-wrap gap-1">
          {value.map((each) => (
            <li key={each} className="inline-flex h-5 items-center gap-0.5 rounded-badge bg-raised pl-1.5 text-xs text-text">
              {name(each)}
              <button
                type="button"
                aria-label={t.remove(name(each))}
                onClick={() => onValue(value.filter((other) => other !== each))}
                className="grid size-5 place-items-center rounded-badge text-text-3 hover:text-text"
              >
                <X aria-hidden className="size-3" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
