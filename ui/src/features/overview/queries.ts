import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/lib/api';
import type { ApiClient } from '@/lib/queries';

/** How long a call of the API takes from here, in milliseconds; read again with the readiness. */
export const roundTrip = (client: ApiClient = api) =>
  queryOptions({
    queryKey: ['readiness', 'round-trip'],
    queryFn: async () => {
      const began = performance.now();
      await unwrap(client.GET('/healthz'));
      return performance.now() - began;
    },
  });
