import 'server-only';
import createClient from 'openapi-fetch';
import { cookies } from 'next/headers';
import { cache } from 'react';
import type { paths } from '@/generated/schema';
import { API_BASE_URL, KEYLESS_ALLOWED } from './config';
import { SESSION_COOKIE, unseal } from './session';

const PATIENCE_MS = 4_000;

// One for each page that is rendered: layout and page read one after the other, and wait for a hung API once.
const rendering = cache(() => ({ isApiHung: false }));

async function fetchInTime(request: Request): Promise<Response> {
  const page = rendering();
  if (page.isApiHung) throw new Error('the API did not answer an earlier read of this page in time');
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    page.isApiHung ||= error instanceof DOMException && error.name === 'TimeoutError';
    throw error;
  }
}

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
    fetch: fetchInTime,
  });
}
