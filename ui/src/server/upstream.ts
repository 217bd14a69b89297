import 'server-only';
import { inSeconds } from '@/lib/api/timeouts';
import type { Lang } from '@/lib/languages';
import { timedOut, unreachable } from './problems';

/**
 * Call the API and return its answer, or a problem in `lang` in its place: 502 `api_unreachable` if there is no connection, 504
 * `api_timeout` if no head comes within `timeoutMs`. The time-out ends with the head: an event stream and a download
 * go on for as long as the caller reads. `init.signal` is the caller's: it ends the call at any time.
 */
export async function callApi(url: string, init: RequestInit, timeoutMs: number, lang: Lang): Promise<Response> {
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
    return isLate ? timedOut(lang, init.method ?? 'GET', inSeconds(timeoutMs)) : unreachable(lang);
  } finally {
    clearTimeout(timer);
  }
}
