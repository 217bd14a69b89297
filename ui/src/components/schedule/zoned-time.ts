/*
 * A wall clock's time in a zone and the instant that it means: what a date-time control shows against what a spec
 * has (`2027-01-01T07:00:00+07:00`).
 */

const MINUTE = 60_000;

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}

/** The wall clock of a zone at an instant, as if it were UTC. */
function wallMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The zone's distance from UTC in minutes at an instant. */
function offsetMinutes(at: number, zone: string): number {
  return Math.round((wallMs(at, zone) - Math.floor(at / 1_000) * 1_000) / MINUTE);
}

/** An instant as the value of a date-time control: "2027-01-01T07:00", with seconds if there are any. */
export function toWallClock(iso: string, zone: string): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return '';
  const text = new Date(wallMs(at, zone)).toISOString().slice(0, 19);
  return text.endsWith(':00') ? text.slice(0, 16) : text;
}

/**
 * The instant of a wall-clock time in a zone. A repeated time is its first occurrence; a skipped time is moved by the
 * length of the gap.
 */
export function fromWallClock(wall: string, zone: string): string | null {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return null;
  const before = offsetMinutes(asUtc - 24 * 60 * MINUTE, zone);
  const after = offsetMinutes(asUtc + 24 * 60 * MINUTE, zone);
  const fitting = [before, after].find((offset) => offsetMinutes(asUtc - offset * MINUTE, zone) === offset);
  const instant = asUtc - (fitting ?? before) * MINUTE;
  return withOffset(instant, offsetMinutes(instant, zone));
}

function withOffset(instant: number, offset: number): string {
  const text = new Date(instant + offset * MINUTE).toISOString().slice(0, 19);
  const two = (n: number) => String(n).padStart(2, '0');
  const size = Math.abs(offset);
  return `${text}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
