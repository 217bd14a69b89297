import type { CheckField } from '../certainty/field-names';

const CONTROL = 'input:not([type=radio], [type=hidden]), select, textarea';
const TIME = 'input[type=time], input[type=datetime-local]';

/** The place of a field: a recipient without a channel is chosen by its channel. */
function placeOf(form: HTMLElement, field: CheckField): HTMLElement | null {
  const names = ['to', 'account_id'].includes(field) ? [field, 'channel'] : [field];
  return names.map((name) => form.querySelector<HTMLElement>(`[data-field="${name}"]`)).find((each) => each !== null) ?? null;
}

/**
 * Give the focus to the control of a field, or to the first one. Returns false while the field may still appear; with
 * `isWhole` all fields are there.
 */
export function focusField(form: HTMLElement, field: CheckField | null, isWhole: boolean): boolean {
  const place = field === null ? form : placeOf(form, field);
  if (place === null && !isWhole) return false;
  const from = place ?? form;
  const control = from.matches(CONTROL) ? from : ((field === 'schedule' && from.querySelector<HTMLElement>(TIME)) || from.querySelector<HTMLElement>(CONTROL));
  control?.scrollIntoView({ block: 'nearest' });
  control?.focus({ preventScroll: true });
  return true;
}
