import 'server-only';
import createClient from 'openapi-fetch';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import type { paths } from '@/generated/schema';
import { API_BASE_URL } from './config';
import { hasCredential } from './access/credentials';
import { callerOf, exposureSettings, exposureReason, type UnmetCondition } from './access/exposure';
import { originHeaders } from './access/origin';
import { preferredLang } from './preferences';
import { keyRequired } from './problems';
import { sessionCookie, unseal } from './access/session';

const TIMEOUT_MS = 4_000;

// One for each page that is rendered: layout and page read one after the other, and wait for a hung API once.
const rendering = cache(() => ({ isApiHung: false }));

async function fetchInTime(request: Request): Promise<Response> {
  const page = rendering();
  if (page.isApiHung) throw new Error('the API did not answer an earlier read of this page in time');
  try {
    return await fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    page.isApiHung ||= error instanceof DOMException && error.name === 'TimeoutError';
    throw error;
  }
}

// Passed on without a key, so that the API sees the forwarding, and refuses the request unless it has AUTH=off.
const FORWARDED_MARK = { via: '1.1 multi-job-dashboard', forwarded: 'for=unknown' } as const;

/** The headers that a request to the API is sent with; without a key, why this server asks for one. */
export type Auth = { headers: Record<string, string>; exposed: null } | { headers: null; exposed: UnmetCondition };

/** How the API is called for the caller: with the session of the signed-in user, or without one. */
export async function authOf(): Promise<Auth> {
  const requestHeaders = await headers();
  const token = unseal((await cookies()).get(sessionCookie(requestHeaders.get('host')))?.value);
  if (token !== null) return { headers: { authorization: `Bearer ${token}` }, exposed: null };
  const caller = callerOf(requestHeaders);
  const exposed = exposureReason(caller, requestHeaders.get('host'), exposureSettings(process.env));
  if (exposed !== null) return { headers: null, exposed };
  if (hasCredential(requestHeaders) && process.env.AUTH !== 'off') return { headers: null, exposed: 'credential' };
  return { headers: caller.forwarded.length > 0 ? { ...FORWARDED_MARK } : {}, exposed: null };
}

/** A typed client for rendering on the server, for the signed-in user; without a right to call the API, every answer is 401. */
export async function serverClient() {
  const [auth, lang, asked] = [await authOf(), await preferredLang(), await headers()];
  return createClient<paths>({
    baseUrl: API_BASE_URL,
    headers: { ...auth.headers, 'accept-language': lang },
    cache: 'no-store',
    fetch: (request) => {
      if (auth.headers === null) return Promise.resolve(keyRequired(lang, auth.exposed));
      for (const [name, value] of Object.entries(originHeaders(asked, request.method))) request.headers.set(name, value);
      return fetchInTime(request);
    },
  });
}
