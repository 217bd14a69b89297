import type { IncidentFilter } from '@/lib/api/queries';
import { INCIDENT_KINDS, type IncidentKind } from '@/components/incidents/incidents';
import type { Parsers } from '@/lib/search-param-parsers';

export const INCIDENT_TABS = ['open', 'closed'] as const;
export const KINDS = Object.keys(INCIDENT_KINDS) as IncidentKind[];

export const incidentsShape = ({ parseAsString, parseAsStringLiteral }: Parsers) => ({
  tab: parseAsStringLiteral(INCIDENT_TABS).withDefault('open'),
  kind: parseAsStringLiteral(KINDS),
  job: parseAsString.withDefault(''),
});
export type IncidentsSearch = { tab: (typeof INCIDENT_TABS)[number]; kind: IncidentKind | null; job: string };

/** The filter of the API request. */
export function incidentFilter({ tab, kind, job }: IncidentsSearch): IncidentFilter {
  return { state: tab, ...(kind ? { kind } : {}), ...(job.trim() ? { job_id: job.trim() } : {}) };
}
