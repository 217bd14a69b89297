import { MutationCache, QueryCache, QueryClient, type Query } from '@tanstack/react-query';
import { toApiError } from './client';
import { leaveIfSignedOut } from './sign-in';

const RETRIES = 1;

/** The query client of one tab: retries and error handling. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => void leaveIfSignedOut(error);
  const queryCache = new QueryCache({ onError });
  keepErrors(queryCache);
  return new QueryClient({
    queryCache,
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // The server is near the browser or on this machine: no internet connection is needed.
        networkMode: 'always',
        // The live stream reports stale data; a mount alone is no reason to read again.
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < RETRIES && toApiError(error).isOutage && !toApiError(error).isTimeout,
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/**
 * Keep the error of a query without data while it is retried. TanStack Query resets such a query to `pending` with
 * every attempt, and pages would alternate between error and skeleton.
 */
export function keepErrors(cache: QueryCache): () => void {
  const errors = new WeakMap<Query, Error>();
  return cache.subscribe((change) => {
    if (change.type !== 'updated') return;
    const { query, action } = change;
    if (action.type === 'error') errors.set(query, action.error as Error);
    else if (action.type === 'success' || (action.type === 'setState' && action.state.status === 'pending')) errors.delete(query);
    else if (action.type === 'fetch' && query.state.data === undefined) {
      const error = errors.get(query);
      // In the same batch as the attempt: no observer sees `pending` in between.
      if (error !== undefined) query.setState({ status: 'error', error });
    }
  });
}
