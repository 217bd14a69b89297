import type { Parsers } from '@/lib/search-param-parsers';
import type { JobFilter } from '@/lib/api/queries';

export const ENABLED = ['on', 'off'] as const;
export const SORTS = ['new', 'name', 'success', 'p95'] as const;
export type JobSort = (typeof SORTS)[number];

export const jobsShape = ({ parseAsString, parseAsStringLiteral }: Parsers) => ({
  q: parseAsString.withDefault(''),
  type: parseAsString.withDefault(''),
  enabled: parseAsStringLiteral(ENABLED),
  tag: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(SORTS).withDefault('new'),
});
export type JobsSearch = { q: string; type: string; enabled: (typeof ENABLED)[number] | null; tag: string; sort: JobSort };

/** The filter of the API request. */
export function jobFilter({ q, type, enabled, tag }: JobsSearch): JobFilter {
  return {
    ...(q.trim() ? { q: q.trim() } : {}),
    ...(type ? { type } : {}),
    ...(enabled === null ? {} : { enabled: enabled === 'on' }),
    ...(tag ? { tag } : {}),
  };
}
