const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ROUND_STEPS = [
  ...[1, 10, 100].flatMap((power) => [power, 2 * power, 5 * power]),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((n) => n * DAY),
];

/** The ticks of an axis of some milliseconds, in round steps from 0: at most `most` of them. */
export function axisMarks(lengthMs: number, most = 6): number[] {
  const step = ROUND_STEPS.find((each) => lengthMs / each <= most - 1) ?? Math.ceil(lengthMs / (most - 1) / DAY) * DAY;
  const marks = [];
  for (let at = 0; at <= lengthMs; at += step) marks.push(at);
  return marks;
}
