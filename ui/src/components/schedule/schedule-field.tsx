'use client';

import { useState } from 'react';
import { DurationInput } from '@/components/duration-input';
import { isObject, withKey, TimeZoneInput, type FieldErrors, type Json, type JsonObject } from '@/components/schema-form';
import { Segmented } from '@/components/segmented';
import { Field } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { CronFields } from './cron-fields';
import { DateTimeField } from './date-time-field';
import { RuleFields } from './rule-fields';
import { SCHEDULE_KINDS, scheduleKind, switchSchedule, type ScheduleKind } from './schedule-model';
import { SkipSection } from './skip-section';
import { skipTranslations } from './skip-translations';
import { scheduleTranslations } from './translations';
import { fromWallClock, isZone, toWallClock } from './zoned-time';

const NONE: JsonObject = {};
const MOMENTS = ['at', 'start_at', 'end_at'] as const;

type Props = {
  value: Json | undefined;
  onValue: (value: JsonObject | undefined) => void;
  /** Errors by pointer below the schedule; '' is the schedule itself. */
  errors: FieldErrors;
};

/** The schedule of a job: manual, interval, cron, rule or once, with optional bounds and days that it leaves out. */
export function ScheduleField({ value, onValue, errors }: Props) {
  const t = useTranslations(scheduleTranslations);
  const kind = scheduleKind(value);
  // Keeps the values of each kind while the user looks at another one.
  const [kept, setKept] = useState<Partial<Record<ScheduleKind, JsonObject>>>({});
  const choose = (next: ScheduleKind) => {
    if (isObject(value)) setKept({ ...kept, [kind]: value });
    onValue(kept[next] ?? switchSchedule(value, next));
  };
  return (
    <div className="grid content-start gap-3">
      <Segmented
        label={t.kind}
        value={kind}
        onChange={choose}
        options={SCHEDULE_KINDS.map((each) => ({ value: each, label: t[each] }))}
      />
      {isObject(value) && <KindFields key={kind} kind={kind} schedule={value} onSchedule={onValue} errors={errors} />}
    </div>
  );
}

type KindProps = {
  kind: ScheduleKind;
  schedule: JsonObject;
  onSchedule: (schedule: JsonObject) => void;
  errors: FieldErrors;
};

function KindFields({ kind, schedule, onSchedule, errors }: KindProps) {
  const t = useTranslations(scheduleTranslations);
  const skipTexts = useTranslations(skipTranslations);
  const { timezone } = useSession();
  const set = (name: string, next: Json | undefined) => onSchedule(withKey(schedule, name, next));
  const whole = errors[''];
  const [boundsZone, setBoundsZone] = useState(timezone);
  const hasSkip = isObject(schedule.skip);
  // The days that an interval leaves out are days of a zone.
  const hasZone = kind === 'cron' || kind === 'rule' || (kind === 'interval' && hasSkip);
  const typed = hasZone ? String(schedule.timezone ?? '') : boundsZone;
  const zone = isZone(typed) ? typed : timezone;
  const setZone = (next: string) => {
    const moved = isZone(next) ? moveMoments(schedule, zone, next) : schedule;
    if (hasZone) onSchedule(withKey(moved, 'timezone', next === '' ? undefined : next));
    else {
      setBoundsZone(next);
      if (moved !== schedule) onSchedule(moved);
    }
  };
  const zoneField = (hint: string) => (
    <Field label={t.zone} hint={hint} error={errors['/timezone']}>
      {(ids) => (
        <TimeZoneInput {...ids} value={typed} placeholder={timezone} onChange={(event) => setZone(event.target.value)} />
      )}
    </Field>
  );
  const moment = { zone, schedule, set, errors };
  if (kind === 'once') {
    return (
      <div className="grid gap-3 sm:grid-cols-2">
        <DateTimeField
          label={t.at}
          value={schedule.at}
          zone={zone}
          error={errors['/at'] ?? whole}
          onValue={(next) => set('at', next ?? null)}
        />
        {zoneField(t.momentZoneHint)}
      </div>
    );
  }
  const skipSection = <SkipSection schedule={schedule} onSchedule={onSchedule} errors={errors} />;
  if (kind === 'cron' || kind === 'rule') {
    return (
      <>
        {kind === 'cron' ? (
          <CronFields cron={schedule.cron} onCron={(next) => set('cron', next)} error={errors['/cron'] ?? whole} />
        ) : (
          <RuleFields rule={schedule.rrule} onRule={(next) => set('rrule', next)} error={errors['/rrule'] ?? whole} />
        )}
        {zoneField(t.zoneHint(timezone))}
        <Bounds {...moment} />
        {skipSection}
      </>
    );
  }
  return (
    <>
      <Field label={t.every} hint={t.everyHint} error={errors['/interval_sec'] ?? whole}>
        {(ids) => (
          <DurationInput
            ids={ids}
            label={t.every}
            base="s"
            units={['s', 'min', 'h', 'd']}
            value={schedule.interval_sec}
            onValue={(next) => set('interval_sec', next ?? null)}
          />
        )}
      </Field>
      {hasSkip && zoneField(skipTexts.zoneHint(timezone))}
      <Bounds {...moment}>{!hasSkip && zoneField(t.boundsZoneHint)}</Bounds>
      {skipSection}
    </>
  );
}

/** The instants of a schedule with the same wall-clock time in another zone. */
function moveMoments(schedule: JsonObject, from: string, to: string): JsonObject {
  const moved = MOMENTS.flatMap((name) => {
    const at = schedule[name];
    const next = typeof at === 'string' ? fromWallClock(toWallClock(at, from), to) : null;
    return next === null ? [] : [[name, next] as const];
  });
  return moved.length === 0 ? schedule : { ...schedule, ...Object.fromEntries(moved) };
}

type BoundsProps = {
  zone: string;
  schedule: JsonObject;
  set: (name: string, next: Json | undefined) => void;
  errors: FieldErrors;
  children?: React.ReactNode;
};

/** The start and end of a schedule; collapsed until one of them is set. */
function Bounds({ zone, schedule = NONE, set, errors, children }: BoundsProps) {
  const t = useTranslations(scheduleTranslations);
  const [isOpen] = useState(() => Boolean(schedule.start_at ?? schedule.end_at));
  return (
    <details open={isOpen}>
      <summary className="w-fit rounded-control text-xs font-medium text-text-2 hover:text-text">{t.bounds}</summary>
      <div className="grid gap-3 pt-2 sm:grid-cols-2">
        <DateTimeField
          label={t.start}
          value={schedule.start_at ?? undefined}
          zone={zone}
          error={errors['/start_at']}
          onValue={(next) => set('start_at', next)}
        />
        <DateTimeField
          label={t.end}
          hint={t.endHint}
          value={schedule.end_at ?? undefined}
          zone={zone}
          error={errors['/end_at']}
          onValue={(next) => set('end_at', next)}
        />
        {children}
      </div>
    </details>
  );
}
