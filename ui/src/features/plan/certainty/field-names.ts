import { defineTranslations, type Lang } from '@/lib/i18n';
import type { PlannedJob } from '../queries';

/** A field of a job that a person should look at, by its name in the API. */
export type CheckField = PlannedJob['check'][number];


export const fieldTranslations = defineTranslations(
  {
    time: 'the time',
    interval: 'the interval',
    start: 'when it runs',
    to: 'the recipient',
    channel: 'the channel',
    account_id: 'the account',
    text: 'the message',
    url: 'the address',
    period: 'the period',
    job: 'which job it is',
    check: (fields: string) => `Check ${fields}`,
    checkThis: 'Check this job',
    and: (start: string, last: string) => `${start} and ${last}`,
  },
  {
    time: 'jamnya',
    interval: 'selang waktunya',
    start: 'waktu jalannya',
    to: 'penerimanya',
    channel: 'kanalnya',
    account_id: 'akunnya',
    text: 'isi pesannya',
    url: 'alamatnya',
    period: 'periodenya',
    job: 'job yang dimaksud',
    check: (fields: string) => `Periksa ${fields}`,
    checkThis: 'Periksa job ini',
    and: (start: string, last: string) => `${start} dan ${last}`,
  },
);

type Names = (typeof fieldTranslations)[Lang];

/** The field as people call it; a schedule is a time of day, an interval, or a start by hand. */
export function fieldName(field: CheckField, { job_spec: spec }: PlannedJob, t: Names): string {
  if (field !== 'schedule') return t[field];
  if (!spec.schedule) return t.start;
  return spec.schedule.interval_sec ? t.interval : t.time;
}

/** What a person should look at, as "Check the time and the recipient". */
export function checkText(names: readonly string[], t: Names): string {
  const each = [...new Set(names)];
  const last = each.pop();
  if (last === undefined) return t.checkThis;
  return t.check(each.length > 0 ? t.and(each.join(', '), last) : last);
}
