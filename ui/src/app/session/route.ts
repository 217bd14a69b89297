import { cookies } from 'next/headers';
import type { NextRequest } from 'next/server';
import { MAX_SESSION_BYTES, readLimited } from '@/server/read-body';
import { API_BASE_URL } from '@/server/config';
import { typedKey } from '@/server/access/credentials';
import { WRITE_HEADER, pickHeaders } from '@/server/forwarding';
import { originHeaders } from '@/server/access/origin';
import { preferredLang } from '@/server/preferences';
import { foreignOrigin, notAKey, sessionNotEnded, tooLarge } from '@/server/problems';
import { isSameOrigin } from '@/server/same-origin';
import { seal, sessionCookie, sessionOptions, unseal } from '@/server/access/session';
import { callApi } from '@/server/upstream';
import { API_READ_TIMEOUT_MS } from '@/lib/api/timeouts';
import type { Lang } from '@/lib/languages';

const ANSWERED_STATUSES: ReadonlySet<number> = new Set([200, 401, 404]);

function refusal(request: NextRequest, lang: Lang): Response | null {
  if (isSameOrigin(request.headers) && request.headers.get(WRITE_HEADER) !== null) return null;
  return foreignOrigin(lang, 'foreignSignIn');
}

/** The key, or the code of a link, that a browser sends to sign in; null if there is no such text. */
function proofIn(body: Uint8Array): { name: 'key' | 'code'; text: string } | null {
  try {
    const sent = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown> | null;
    const name = sent !== null && 'code' in sent ? 'code' : 'key';
    const text = typedKey(sent?.[name]);
    return text === null ? null : { name, text };
  } catch {
    return null;
  }
}

/** Call the API's sessions on behalf of the person: with a key, a session's token, or the code of a link. */
async function callSessions(
  request: NextRequest,
  method: 'POST' | 'DELETE',
  path: string,
  proof: { bearer: string } | { code: string },
): Promise<Response> {
  const lang = await preferredLang();
  const headers: Record<string, string> = {
    'accept-language': lang,
    'user-agent': request.headers.get('user-agent') ?? '',
    ...originHeaders(request.headers, method),
  };
  if ('bearer' in proof) headers.authorization = `Bearer ${proof.bearer}`;
  else headers['content-type'] = 'application/json';
  const body = 'code' in proof ? JSON.stringify(proof) : undefined;
  return callApi(`${API_BASE_URL}${path}`, { method, headers, body, cache: 'no-store' }, API_READ_TIMEOUT_MS, lang);
}

/** Sign in: for `{key}` or `{code}` the API makes a session; its token is sealed into a cookie that no script can read. */
export async function POST(request: NextRequest): Promise<Response> {
  const lang = await preferredLang();
  const refused = refusal(request, lang);
  if (refused) return refused;
  const body = await readLimited(request, MAX_SESSION_BYTES);
  if (body === null) return tooLarge(lang, MAX_SESSION_BYTES);
  const proof = proofIn(body);
  if (proof === null) return notAKey(lang);
  const response =
    proof.name === 'key'
      ? await callSessions(request, 'POST', '/sessions', { bearer: proof.text })
      : await callSessions(request, 'POST', '/sessions/link', { code: proof.text });
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
  const ended = await callSessions(request, 'DELETE', '/sessions/current', { bearer: token });
  if (ANSWERED_STATUSES.has(ended.status)) return new Response(null, { status: 204 });
  return sessionNotEnded(lang);
}
