import 'server-only';
import createClient from 'openapi-fetch';
import { cookies } from 'next/headers';
import type { paths } from '@/generated/schema';
import { API_BASE_URL } from './config';
import { SESSION_COOKIE, unseal } from './session';

const PATIENCE_MS = 4_000;

/** Headers that say who is signed in; none where nobody is. */
export async function authHeaders(): Promise<Record<string, string>> {
  const key = unseal((await cookies()).get(SESSION_COOKIE)?.value);
  return key === null ? {} : { authorization: `Bearer ${key}` };
}

/** A typed client for rendering on the server, in the name of who is signed in. */
export async function serverClient() {
  return createClient<paths>({
    baseUrl: API_BASE_URL,
    headers: await authHeaders(),
    cache: 'no-store',
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) }),
  });
}
