import { api, toApiError, unwrap, type ApiError } from '@/lib/api/client';
import type { Trouble } from './health';

export type HealthCheck = { trouble: Trouble | null; detail: string; error: ApiError | null };

const HEALTHY: HealthCheck = { trouble: null, detail: '', error: null };

/** Ask the API whether it is alive, through our server; without I/O there, and over within three seconds. */
export async function checkApi(): Promise<HealthCheck> {
  // High priority in the browser's queue: reads of a hung API may occupy all connections.
  const answer = api.GET('/healthz', { cache: 'no-store', priority: 'high' });
  try {
    const { error, response } = await answer;
    if (response.status === 503 && error && 'version' in error) {
      return { trouble: 'api_unwell', detail: error.reason ?? '', error: null };
    }
    await unwrap(answer);
    return HEALTHY;
  } catch (caught) {
    const error = toApiError(caught);
    return { trouble: troubleOf(error), detail: '', error };
  }
}

/** The part that did not answer; null if the API did, even with a refusal. */
export function troubleOf(error: ApiError): Trouble | null {
  if (error.code === 'api_timeout') return 'api_hung';
  if (error.code === 'api_unreachable') return 'api_away';
  if (error.status === 0) return navigator.onLine ? 'dashboard' : 'offline';
  // A proxy that reports this has no dashboard behind it.
  return error.status >= 500 ? 'dashboard' : null;
}
