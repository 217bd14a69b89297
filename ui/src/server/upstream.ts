import 'server-only';
import { readTimeoutText, writeTimeoutText } from '@/lib/api/client';
import { inSeconds } from '@/lib/api/timeouts';
import { problem, unreachable } from './problems';

/**
 * Call the API and return its answer, or a problem in its place: 502 `api_unreachable` if there is no connection, 504
 * `api_timeout` if no head comes within `timeoutMs`. The time-out ends with the head: an event stream and a download
 * go on for as long as the caller reads. `init.signal` is the caller's: it ends the call at any time.
 */
export async function callApi(url: string, init: RequestInit, timeoutMs: number): Promise<Response> {
  const call = new AbortController();
  const end = () => call.abort();
  if (init.signal?.aborted) end();
  else init.signal?.addEventListener('abort', end, { once: true });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeoutMs);
  try {
    return await fetch(url, { ...init, signal: call.signal });
  } catch {
    init.signal?.removeEventListener('abort', end);
    return isLate ? late(init.method ?? 'GET', inSeconds(timeoutMs)) : unreachable();
  } finally {
    clearTimeout(timer);
  }
}

function late(method: string, seconds: number): Response {
  return problem(504, 'api_timeout', 'The API does not answer', method === 'GET' ? readTimeoutText(seconds) : writeTimeoutText(seconds));
}
