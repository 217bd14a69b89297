import { isObject, type Json, type JsonObject } from '@/components/schema-form';

export type ScheduleKind = 'hand' | 'interval' | 'cron' | 'rule' | 'once';

export const SCHEDULE_KINDS: readonly ScheduleKind[] = ['hand', 'interval', 'cron', 'rule', 'once'];

const FIELD: Record<Exclude<ScheduleKind, 'hand'>, string> = {
  interval: 'interval_sec',
  cron: 'cron',
  rule: 'rrule',
  once: 'at',
};
const FIRST: Record<Exclude<ScheduleKind, 'hand'>, Json> = {
  interval: 300,
  cron: '0 7 * * *',
  rule: 'FREQ=MONTHLY;BYDAY=1MO;BYHOUR=9;BYMINUTE=0',
  once: null,
};

/** The kind of a schedule, by its field, even if that field is empty. */
export function scheduleKind(schedule: Json | undefined): ScheduleKind {
  if (!isObject(schedule)) return 'hand';
  if ('cron' in schedule && schedule.cron !== null) return 'cron';
  if ('rrule' in schedule && schedule.rrule !== null) return 'rule';
  if ('at' in schedule && schedule.at !== null) return 'once';
  if ('interval_sec' in schedule && schedule.interval_sec !== null) return 'interval';
  return (['cron', 'rule', 'once'] as const).find((kind) => FIELD[kind] in schedule) ?? 'interval';
}

/** Switch to another kind: its default value, and the bounds and the days left out if the kind supports them. */
export function switchSchedule(schedule: Json | undefined, kind: ScheduleKind): JsonObject | undefined {
  if (kind === 'hand') return undefined;
  const bounds: JsonObject = {};
  if (kind !== 'once' && isObject(schedule)) {
    for (const name of ['start_at', 'end_at', 'skip', 'on_skip']) if (schedule[name]) bounds[name] = schedule[name];
  }
  return { [FIELD[kind]]: FIRST[kind], ...bounds };
}

/** Whether the schedule is complete enough for a preview. */
export function canPreview(schedule: Json | undefined): schedule is JsonObject {
  if (!isObject(schedule)) return false;
  const kind = scheduleKind(schedule);
  if (kind === 'hand') return false;
  const value = schedule[FIELD[kind]];
  return value !== undefined && value !== null && value !== '';
}
