import { cookies } from 'next/headers';
import type { NextRequest } from 'next/server';
import { MAX_SESSION_BYTES, readLimited } from '@/server/read-body';
import { API_BASE_URL } from '@/server/config';
import { WRITE_HEADER, pickHeaders } from '@/server/forwarding';
import { originHeaders } from '@/server/origin';
import { preferredLang } from '@/server/preferences';
import { foreignOrigin, notAKey, sessionNotEnded, tooLarge } from '@/server/problems';
import { isSameOrigin } from '@/server/same-origin';
import { seal, sessionCookie, sessionOptions, unseal } from '@/server/session';
import { callApi } from '@/server/upstream';
import { API_READ_TIMEOUT_MS } from '@/lib/api/timeouts';
import type { Lang } from '@/lib/languages';

const MAX_KEY_CHARS = 200;
const ANSWERED_STATUSES: ReadonlySet<number> = new Set([200, 401, 404]);

function refusal(request: NextRequest, lang: Lang): Response | null {
  if (isSameOrigin(request.headers) && request.headers.get(WRITE_HEADER) !== null) return null;
  return foreignOrigin(lang, 'foreignSignIn');
}

function keyIn(body: Uint8Array): string {
  try {
    const { key } = JSON.parse(new TextDecoder().decode(body)) as { key?: unknown };
    return typeof key === 'string' ? key.trim() : '';
  } catch {
    return '';
  }
}

/** Call the API's sessions with a key or token, on behalf of the signed-in user. */
async function callSessions(request: NextRequest, method: 'POST' | 'DELETE', path: string, bearer: string): Promise<Response> {
  const lang = await preferredLang();
  const headers = {
    authorization: `Bearer ${bearer}`,
    'accept-language': lang,
    'user-agent': request.headers.get('user-agent') ?? '',
    ...originHeaders(request.headers, method),
  };
  return callApi(`${API_BASE_URL}${path}`, { method, headers, cache: 'no-store' }, API_READ_TIMEOUT_MS, lang);
}

/** Sign in: for `{key}` the API makes a session; its token is sealed into a cookie that scripts cannot read. */
export async function POST(request: NextRequest): Promise<Response> {
  const lang = await preferredLang();
  const refused = refusal(request, lang);
  if (refused) return refused;
  const body = await readLimited(request, MAX_SESSION_BYTES);
  if (body === null) return tooLarge(lang, MAX_SESSION_BYTES);
  const key = keyIn(body);
  if (!key || key.length > MAX_KEY_CHARS || !/^[\x21-\x7e]+$/.test(key)) return notAKey(lang);
  const response = await callSessions(request, 'POST', '/sessions', key);
  if (!response.ok) {
    return new Response(response.body, {
      status: response.status,
      headers: pickHeaders(response.headers, ['content-type', 'retry-after']),
    });
  }
  const { token, name, role } = (await response.json()) as { token: string; name: string; role: string };
  // The Host as the browser sent it: a forwarding header could come from anyone.
  const isSecure = request.headers.get('origin')?.startsWith('https://') ?? false;
  (await cookies()).set(sessionCookie(request.headers.get('host')), seal(token), sessionOptions(isSecure));
  return Response.json({ name, role });
}

/** Sign out: the API ends the session. The cookie is removed even if the API does not answer. */
export async function DELETE(request: NextRequest): Promise<Response> {
  const lang = await preferredLang();
  const refused = refusal(request, lang);
  if (refused) return refused;
  const jar = await cookies();
  const name = sessionCookie(request.headers.get('host'));
  const token = unseal(jar.get(name)?.value);
  jar.delete(name);
  if (token === null) return new Response(null, { status: 204 });
  const ended = await callSessions(request, 'DELETE', '/sessions/current', token);
  if (ANSWERED_STATUSES.has(ended.status)) return new Response(null, { status: 204 });
  return sessionNotEnded(lang);
}
