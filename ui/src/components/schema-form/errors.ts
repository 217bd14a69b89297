import type { Schemas } from '@/lib/api/client';
import type { Lang } from '@/lib/i18n';
import { problemText } from './problem-messages';

/** Error messages by JSON pointer. */
export type FieldErrors = Readonly<Record<string, string>>;

export const NO_ERRORS: FieldErrors = {};

/** The problems of a 422 by pointer, in the language of the reader. */
export function fieldErrors(fields: readonly Schemas['FieldProblemBody'][], lang: Lang): FieldErrors {
  const found: Record<string, string> = {};
  for (const { pointer, message, code } of fields) found[pointer] ??= problemText(message, code, lang);
  return found;
}

/** The errors below a pointer, relative to it: `/inputs/url` below `/inputs` is `/url`. */
export function errorsUnder(errors: FieldErrors, base: string): FieldErrors {
  const inside = Object.entries(errors).filter(([pointer]) => pointer === base || pointer.startsWith(`${base}/`));
  return Object.fromEntries(inside.map(([pointer, message]) => [pointer.slice(base.length), message]));
}

export type AssignedErrors = { atFields: FieldErrors; onTop: FieldErrors };

/**
 * Assigns each error to the field that shows it: its own, else the nearest ancestor (`/tags/1` at `/tags`). The rest
 * goes to the top of the form.
 */
export function assignErrors(errors: FieldErrors, fields: readonly string[]): AssignedErrors {
  const known = new Set(fields);
  const atFields: Record<string, string> = {};
  const onTop: Record<string, string> = {};
  for (const [pointer, message] of Object.entries(errors)) {
    const place = nearest(pointer, known);
    if (place === null) onTop[pointer] = message;
    else atFields[place] ??= place === pointer ? message : `${pointer.slice(place.length + 1)}: ${message}`;
  }
  return { atFields, onTop };
}

function nearest(pointer: string, known: ReadonlySet<string>): string | null {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    if (known.has(at)) return at;
  }
  return null;
}

/** Go to the first control that is marked as wrong; whether there was one. */
export function focusFirstError(container: HTMLElement | null): boolean {
  const first = container?.querySelector<HTMLElement>('[aria-invalid=true]');
  if (!first) return false;
  first.closest('details')?.setAttribute('open', '');
  const inside = first.querySelector<HTMLElement>('input:checked, input, select, textarea, button');
  (inside ?? first).focus();
  return true;
}
