/** The usual rhythms that a cron expression can say; everything else is `custom`. */
export type Preset =
  | { kind: 'hourly'; minute: number }
  | { kind: 'daily'; time: string }
  | { kind: 'weekdays'; time: string }
  | { kind: 'weekly'; time: string; days: readonly number[] }
  | { kind: 'monthly'; time: string; day: number | 'L' };

export type PresetKind = Preset['kind'];

export const PRESET_KINDS: readonly PresetKind[] = ['hourly', 'daily', 'weekdays', 'weekly', 'monthly'];

const NUMBER = /^\d{1,2}$/;
const DAYS = /^[0-7](,[0-7])*$/;
const WORK_DAYS = '1-5';

function timeOf(hour: string, minute: string): string {
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}

/** The preset of an expression; null if no preset matches. */
export function readPreset(cron: string): Preset | null {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...more] = cron.trim().split(/\s+/);
  if (more.length > 0 || month !== '*' || !NUMBER.test(minute) || Number(minute) > 59) return null;
  if (hour === '*' && day === '*' && weekday === '*') return { kind: 'hourly', minute: Number(minute) };
  if (!NUMBER.test(hour) || Number(hour) > 23) return null;
  const time = timeOf(hour, minute);
  if (day === '*' && weekday === '*') return { kind: 'daily', time };
  if (day === '*' && weekday === WORK_DAYS) return { kind: 'weekdays', time };
  if (day === '*' && DAYS.test(weekday)) {
    const days = weekday.split(',').map((each) => Number(each) % 7);
    return { kind: 'weekly', time, days: [...new Set(days)].toSorted() };
  }
  if (weekday !== '*') return null;
  if (day.toUpperCase() === 'L') return { kind: 'monthly', time, day: 'L' };
  const isDay = NUMBER.test(day) && Number(day) >= 1 && Number(day) <= 31;
  return isDay ? { kind: 'monthly', time, day: Number(day) } : null;
}

/** The expression of a preset. */
export function writePreset(preset: Preset): string {
  if (preset.kind === 'hourly') return `${preset.minute} * * * *`;
  const [hour = '0', minute = '0'] = preset.time.split(':');
  const at = `${Number(minute)} ${Number(hour)}`;
  switch (preset.kind) {
    case 'daily':
      return `${at} * * *`;
    case 'weekdays':
      return `${at} * * ${WORK_DAYS}`;
    case 'weekly':
      return `${at} * * ${preset.days.toSorted().join(',')}`;
    case 'monthly':
      return `${at} ${preset.day} * *`;
  }
}

/** Switch to another preset and keep the time of day. */
export function switchPreset(from: Preset | null, kind: PresetKind): Preset {
  const time = from && 'time' in from ? from.time : '07:00';
  switch (kind) {
    case 'hourly':
      return { kind, minute: 0 };
    case 'weekly':
      return { kind, time, days: [1] };
    case 'monthly':
      return { kind, time, day: 1 };
    default:
      return { kind, time };
  }
}
