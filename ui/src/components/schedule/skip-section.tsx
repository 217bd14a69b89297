'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { assignErrors, errorsUnder, withKey, type FieldErrors, type JsonObject } from '@/components/schema-form';
import { Checkbox, Field, Options, Select } from '@/components/ui/field';
import { Link } from '@/components/ui/link';
import { queries } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { SKIP_FIELDS, skipOf, textList, withSkip } from './skip-model';
import { SkipRules } from './skip-rules';
import { skipTranslations } from './skip-translations';

const ON_SKIP = ['drop', 'before', 'after'] as const;
const POINTERS = SKIP_FIELDS.map((name) => `/${name}`);

type Props = { schedule: JsonObject; onSchedule: (schedule: JsonObject) => void; errors: FieldErrors };

/** The days and times that a schedule leaves out, and what becomes of a run on them; collapsed until it has some. */
export function SkipSection({ schedule, onSchedule, errors }: Props) {
  const t = useTranslations(skipTranslations);
  const skip = skipOf(schedule);
  const [isOpen] = useState(() => Object.keys(skip).length > 0);
  const own = errorsUnder(errors, '/skip');
  const { atFields, onTop } = assignErrors(own, POINTERS);
  const set = (rules: JsonObject) => onSchedule(withSkip(schedule, rules));
  const hasSkip = schedule.skip !== undefined && schedule.skip !== null;
  return (
    <details open={isOpen || Object.keys(own).length > 0}>
      <summary className="w-fit rounded-control text-xs font-medium text-text-2 hover:text-text">{t.title}</summary>
      <div className="grid gap-4 pt-2">
        {Object.values(onTop).map((message) => (
          <p key={message} className="text-xs text-tone-text tone-fail">
            {message}
          </p>
        ))}
        <SkipRules value={skip} onValue={set} errors={atFields} />
        <Calendars chosen={textList(skip.calendars)} onChosen={(names) => set({ ...skip, calendars: names })} error={atFields['/calendars']} />
        {hasSkip && (
          <Field label={t.onSkip} error={errors['/on_skip']}>
            {(ids) => (
              <Select
                {...ids}
                value={String(schedule.on_skip ?? 'drop')}
                onChange={({ target }) => onSchedule(withKey(schedule, 'on_skip', target.value === 'drop' ? undefined : target.value))}
              >
                <Options values={ON_SKIP} label={(each) => t[each]} />
              </Select>
            )}
          </Field>
        )}
      </div>
    </details>
  );
}

type CalendarsProps = { chosen: readonly string[]; onChosen: (names: string[]) => void; error?: string };

/** The calendars of the deployment, to choose from; a chosen one that is gone stays in the list. */
function Calendars({ chosen, onChosen, error }: CalendarsProps) {
  const t = useTranslations(skipTranslations);
  const lang = useLang();
  const { data = [] } = useQuery(queries.calendars());
  const gone = chosen.filter((name) => !data.some((each) => each.name === name));
  const box = (name: string, note: string) => (
    <label key={name} className="flex items-start gap-1.5 text-sm">
      <Checkbox
        className="mt-[3px]"
        checked={chosen.includes(name)}
        onChange={(event) => onChosen(event.target.checked ? [...chosen, name] : chosen.filter((each) => each !== name))}
      />
      <span className="min-w-0 break-words">
        {name} <span className="text-xs text-text-3">{note}</span>
      </span>
    </label>
  );
  return (
    <div role="group" aria-label={t.calendars} className="grid gap-1">
      <span aria-hidden className="text-xs font-medium text-text-2">
        {t.calendars}
      </span>
      {data.map((each) => box(each.name, each.description || each.words[lang]))}
      {gone.map((name) => box(name, t.gone))}
      <p className="text-xs text-text-3">
        {data.length === 0 && `${t.noCalendars} `}
        <Link href="/settings#calendars" className="underline decoration-border-strong underline-offset-2 hover:text-text">
          {t.editCalendars}
        </Link>
      </p>
      {error && <p className="text-xs text-tone-text tone-fail">{error}</p>}
    </div>
  );
}
