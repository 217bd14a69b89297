import 'server-only';
import createClient from 'openapi-fetch';
import { cookies } from 'next/headers';
import type { paths } from '@/generated/schema';
import { API_BASE_URL, KEYLESS_ALLOWED } from './config';
import { SESSION_COOKIE, unseal } from './session';

const PATIENCE_MS = 4_000;

/** Headers that say who is signed in: none where no key is needed, null where one is and nobody is. */
export async function authHeaders(): Promise<Record<string, string> | null> {
  const key = unseal((await cookies()).get(SESSION_COOKIE)?.value);
  if (key !== null) return { authorization: `Bearer ${key}` };
  return KEYLESS_ALLOWED ? {} : null;
}

/** A typed client for rendering on the server, in the name of who is signed in. */
export async function serverClient() {
  return createClient<paths>({
    baseUrl: API_BASE_URL,
    // A key that is none is refused by the API, as nobody's request is.
    headers: (await authHeaders()) ?? { authorization: 'Bearer none' },
    cache: 'no-store',
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) }),
  });
}
