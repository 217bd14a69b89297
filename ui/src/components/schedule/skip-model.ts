import { isObject, withKey, type Json, type JsonObject } from '@/components/schema-form';

/** The rules that only count together with public holidays. */
const OF_HOLIDAYS = ['cuti_bersama', 'names'] as const;
export const INDONESIA = 'ID';

export const SKIP_FIELDS = ['dates', 'weekdays', 'days_of_month', 'windows', 'holidays', 'cuti_bersama', 'names', 'calendars'] as const;

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Rules without those that say nothing, and without those of holidays if none are left out. */
export function cleanRules(rules: JsonObject): JsonObject {
  const dropped = isEmpty(rules.holidays) ? OF_HOLIDAYS : rules.holidays === INDONESIA ? [] : (['cuti_bersama'] as const);
  return Object.fromEntries(Object.entries(rules).filter(([name, value]) => !isEmpty(value) && !dropped.some((each) => each === name)));
}

export function skipOf(schedule: JsonObject): JsonObject {
  return isObject(schedule.skip) ? schedule.skip : {};
}

/** The schedule with other days left out. One that leaves out nothing has no rule for them, and an interval then no zone. */
export function withSkip(schedule: JsonObject, skip: JsonObject): JsonObject {
  const rules = cleanRules(skip);
  if (Object.keys(rules).length > 0) return { ...schedule, skip: rules };
  const bare = withKey(withKey(schedule, 'skip', undefined), 'on_skip', undefined);
  return 'interval_sec' in bare ? withKey(bare, 'timezone', undefined) : bare;
}

export type Window = { from: string; to: string };

/** "22:00-06:00" as two times of day; the end of a day is 00:00 in a time field. */
export function readWindow(text: string): Window {
  const [from = '', to = ''] = text.split('-');
  return { from, to: to === '24:00' ? '00:00' : to };
}

/** A window from midnight to midnight is a whole day; its end is written 24:00. */
export function writeWindow({ from, to }: Window): string {
  return `${from}-${to === '00:00' && from === '00:00' ? '24:00' : to}`;
}

export function textList(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

export function numberList(value: Json | undefined): number[] {
  return Array.isArray(value) ? value.filter((each): each is number => typeof each === 'number') : [];
}

/** Typed days of a month; text that is no number stays, so that it can be reported. */
export function readDays(typed: readonly string[]): Json[] {
  return typed.map((each) => (/^\d{1,2}$/.test(each) ? Number(each) : each));
}
