import { joinPointer, isObject, type Json, type JsonObject } from '@/components/schema-form/schema';
import type { FieldErrors } from '@/components/schema-form';
import type { Job } from '@/lib/api/queries';

/** The fields of a spec; a job's body has others too. */
const SPEC_FIELDS = [
  'job_id',
  'type',
  'description',
  'enabled',
  'schedule',
  'inputs',
  'timeout_ms',
  'retry_policy',
  'tags',
  'priority',
  'queue',
  'concurrency',
  'rate',
  'overlap',
  'misfire',
  'misfire_grace_sec',
  'jitter_sec',
  'on_success',
  'on_failure',
  'failure_cooldown_sec',
] as const satisfies readonly (keyof Job)[];

/** The spec of a job, without its other fields. */
export function specOf(job: Job): JsonObject {
  return Object.fromEntries(SPEC_FIELDS.map((name) => [name, job[name] as Json]));
}

/** The pointers that the form shows errors at, without those of the inputs. */
export const FORM_POINTERS: readonly string[] = [
  ...SPEC_FIELDS.filter((name) => name !== 'inputs').map((name) => `/${name}`),
  ...['interval_sec', 'cron', 'rrule', 'at', 'timezone', 'start_at', 'end_at', 'skip', 'on_skip'].map((name) => `/schedule/${name}`),
  ...['max_retry', 'backoff_sec', 'jitter', 'non_retryable'].map((name) => `/retry_policy/${name}`),
  ...['base', 'factor', 'max'].map((name) => `/retry_policy/backoff_sec/${name}`),
  ...['key', 'limit', 'group_by', 'total', 'strategy'].map((name) => `/concurrency/${name}`),
  ...['key', 'per_minute', 'group_by'].map((name) => `/rate/${name}`),
];

/** The advanced fields; the section opens if one of them has an error. */
export const ADVANCED_FIELDS: readonly string[] = [
  'timeout_ms',
  'priority',
  'queue',
  'overlap',
  'misfire',
  'misfire_grace_sec',
  'jitter_sec',
  'failure_cooldown_sec',
  'concurrency',
  'rate',
  'on_success',
  'on_failure',
];

const DEFAULTS: Record<string, Json> = {
  priority: 'normal',
  queue: 'default',
  overlap: 'skip',
  misfire: 'run_once',
  misfire_grace_sec: 10,
  jitter_sec: 0,
  failure_cooldown_sec: 0,
};

/** The advanced fields that differ from their defaults. */
export function changedAdvanced(spec: JsonObject, timeoutMs: number | undefined): string[] {
  return ADVANCED_FIELDS.filter((name) => {
    const value = spec[name];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return false;
    return value !== (name === 'timeout_ms' ? timeoutMs : DEFAULTS[name]);
  });
}

function at(value: Json | undefined, pointer: string): Json | undefined {
  let found = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found)) found = found[Number(key)];
    else if (isObject(found)) found = found[key];
    else return undefined;
  }
  return found;
}

/** The remaining errors: an error is removed when its field changes. */
export function remainingErrors(errors: FieldErrors, before: JsonObject, after: JsonObject): FieldErrors {
  const unresolved = Object.entries(errors).filter(
    ([pointer]) => JSON.stringify(at(before, pointer)) === JSON.stringify(at(after, pointer)),
  );
  return unresolved.length === Object.keys(errors).length ? errors : Object.fromEntries(unresolved);
}

/** The inputs of the previous type that the new type has too. */
export function carryInputs(inputs: Json | undefined, properties: object | undefined): JsonObject {
  if (!isObject(inputs)) return {};
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => properties && name in properties));
}

export type FieldChange = { pointer: string; before: Json; after: Json };

/** The differences between two specs, field by field. */
export function differences(before: Json | undefined, after: Json | undefined, pointer = ''): FieldChange[] {
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => differences(before[name], after[name], joinPointer(pointer, name)));
  }
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  return [{ pointer, before: before ?? null, after: after ?? null }];
}
