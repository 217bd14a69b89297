import { WRITE_HEADERS, fetchInTime, problemError, toApiError } from './client';

const SETTLE_MS = 300;

/** A path within the dashboard; the overview for every other target. */
export function safePath(next: string | null | undefined): string {
  if (!next?.startsWith('/') || /[\\\s]/.test(next)) return '/';
  const base = 'http://here.invalid';
  try {
    const url = new URL(next, base);
    return url.origin === base && url.pathname !== '/sign-in' && url.pathname !== '/open' ? url.pathname + url.search + url.hash : '/';
  } catch {
    return '/';
  }
}

/**
 * Sign in with a key, or with the code of a link: our server seals the session into an httpOnly cookie. Throws the
 * reason if it is refused.
 */
export async function signIn(proof: { key: string } | { code: string }): Promise<void> {
  const response = await fetchInTime('/session', {
    method: 'POST',
    headers: { ...WRITE_HEADERS, 'content-type': 'application/json' },
    body: JSON.stringify(proof),
  });
  if (!response.ok) throw problemError(response, await response.json().catch(() => null));
}

/** Whether this session needs a key and has none. */
export async function isSignedOut(): Promise<boolean> {
  return (await fetchInTime('/api/me', { cache: 'no-store' })).status === 401;
}

let isAsking = false;

/**
 * Go to the sign-in page if the session has ended, for example because its key was revoked. One 401 is no proof,
 * because the session may just be replaced: the session is checked again first.
 */
export async function leaveIfSignedOut(error: unknown): Promise<void> {
  if (toApiError(error).status !== 401 || typeof window === 'undefined' || isAsking) return;
  if (window.location.pathname === '/sign-in' || window.location.pathname === '/open') return;
  isAsking = true;
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    if (!(await isSignedOut())) return;
    const here = window.location.pathname + window.location.search;
    window.location.replace(`/sign-in?ended=1&next=${encodeURIComponent(here)}`);
  } catch {
    // No response: an outage has its own screens.
  } finally {
    isAsking = false;
  }
}
