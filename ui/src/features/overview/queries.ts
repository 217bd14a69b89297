import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/lib/api/client';
import type { ApiClient } from '@/lib/api/queries';

/** How long a call of the API takes from here, in milliseconds; read again with the readiness. */
export const roundTrip = (client: ApiClient = api) =>
  queryOptions({
    queryKey: ['readiness', 'round-trip'],
    queryFn: async () => {
      const began = performance.now();
      const answer = await client.GET('/healthz');
      // A 503 of the API is a valid response: its checks contain the reasons.
      if (!(answer.error && 'version' in answer.error)) await unwrap(Promise.resolve(answer));
      return performance.now() - began;
    },
  });
