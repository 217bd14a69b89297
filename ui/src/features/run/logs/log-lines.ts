import type { LogLine } from './log-follower';
import type { SourcedLine } from './run-lines';

export const LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** A row of the log: a line, or a heading above the first line of an attempt. */
export type LogRow = { kind: 'mark'; attempt: number } | { kind: 'line'; line: SourcedLine };

function rankOf(level: string): number {
  const rank = LEVELS.indexOf(level as Level);
  return rank === -1 ? LEVELS.indexOf('info') : rank;
}

/** The lines of this level or above, with a heading before each attempt if there are several. */
export function rowsOf(lines: readonly SourcedLine[], level: Level): LogRow[] {
  const least = rankOf(level);
  const isMarked = lines.at(-1)?.attempt !== lines[0]?.attempt;
  const rows: LogRow[] = [];
  let attempt: number | undefined;
  for (const line of lines) {
    if (isMarked && line.attempt !== attempt) rows.push({ kind: 'mark', attempt: line.attempt });
    attempt = line.attempt;
    if (rankOf(line.level) >= least) rows.push({ kind: 'line', line });
  }
  return rows;
}

/** The fields of a line as `key=value`. */
export function fieldsText(fields: LogLine['fields']): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/** The rows, by index, whose message or fields contain the words. */
export function findRows(rows: readonly LogRow[], words: string): number[] {
  const needle = words.toLowerCase();
  if (needle === '') return [];
  return rows.flatMap((row, index) =>
    row.kind === 'line' && `${row.line.message} ${fieldsText(row.line.fields)}`.toLowerCase().includes(needle) ? [index] : [],
  );
}

export type TextPart = { text: string; isHit: boolean };

/** A text split at the matches of a query. */
export function splitMatches(text: string, words: string): TextPart[] {
  const needle = words.toLowerCase();
  const lower = text.toLowerCase();
  // A letter whose lower-case form has another length would shift the positions.
  if (needle === '' || lower.length !== text.length) return [{ text, isHit: false }];
  const pieces: TextPart[] = [];
  let at = 0;
  for (let hit = lower.indexOf(needle); hit !== -1; hit = lower.indexOf(needle, at)) {
    if (hit > at) pieces.push({ text: text.slice(at, hit), isHit: false });
    at = hit + needle.length;
    pieces.push({ text: text.slice(hit, at), isHit: true });
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isHit: false });
  return pieces;
}

/** A log as a text file: a line each, with moments in full and the source. */
export function logText(lines: readonly SourcedLine[]): string {
  return lines
    .map(({ at, level, attempt, source, message, fields }) =>
      `${at} ${level.toUpperCase().padEnd(8)} #${attempt} ${source.padEnd(8)} ${message} ${fieldsText(fields)}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

export function logJsonLines(lines: readonly SourcedLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
