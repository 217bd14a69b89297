'use client';

import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/lib/api/client';
import type { Incident } from '@/lib/api/queries';
import { useAction } from '@/lib/api/use-action';

/** Show the answer at once, and read lists that have the incident again. */
function keep(client: QueryClient, incident: Incident): Promise<unknown> {
  client.setQueryData(['incident', incident.id], incident);
  return Promise.all([['incidents'], ['incident-summary']].map((queryKey) => client.invalidateQueries({ queryKey })));
}

const pathOf = (id: string) => ({ path: { incident_id: id } });

export function useAcknowledge(id: string) {
  return useAction({
    run: () => unwrap(api.POST('/incidents/{incident_id}/acknowledge', { params: pathOf(id) })),
    onSuccess: (incident, _values, _before, { client }) => keep(client, incident),
  });
}

export function useSilence(id: string) {
  return useAction<Incident, number>({
    run: (minutes) => unwrap(api.POST('/incidents/{incident_id}/silence', { params: pathOf(id), body: { minutes } })),
    onSuccess: (incident, _values, _before, { client }) => keep(client, incident),
  });
}

export function useComment(id: string) {
  return useAction<Incident, string>({
    run: (text) => unwrap(api.POST('/incidents/{incident_id}/comment', { params: pathOf(id), body: { text } })),
    onSuccess: (incident, _values, _before, { client }) => keep(client, incident),
  });
}
