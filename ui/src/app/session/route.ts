import { cookies } from 'next/headers';
import type { NextRequest } from 'next/server';
import { MAX_SESSION_BYTES, readBounded } from '@/server/body';
import { API_BASE_URL } from '@/server/config';
import { WRITE_HEADER, pick } from '@/server/forwarding';
import { problem, tooLarge } from '@/server/problems';
import { isOurOrigin } from '@/server/same-origin';
import { SESSION_COOKIE, SESSION_DAYS, seal } from '@/server/session';
import { callApi } from '@/server/upstream';
import { API_READ_MS } from '@/lib/timeouts';

const MAX_KEY_CHARS = 200;

function refusal(request: NextRequest): Response | null {
  if (isOurOrigin(request.headers) && request.headers.get(WRITE_HEADER) !== null) return null;
  return problem(403, 'foreign_origin', 'Refused', 'Only this dashboard may sign in. / Hanya dari dasbor ini.');
}

function keyIn(body: Uint8Array): string {
  try {
    const { key } = JSON.parse(new TextDecoder().decode(body)) as { key?: unknown };
    return typeof key === 'string' ? key.trim() : '';
  } catch {
    return '';
  }
}

/** Sign in: `{key}` is tried on the API, then sealed into a cookie that scripts cannot read. */
export async function POST(request: NextRequest): Promise<Response> {
  const refused = refusal(request);
  if (refused) return refused;
  const body = await readBounded(request, MAX_SESSION_BYTES);
  if (body === null) return tooLarge(MAX_SESSION_BYTES);
  const key = keyIn(body);
  if (!key || key.length > MAX_KEY_CHARS || !/^[\x21-\x7e]+$/.test(key)) {
    return problem(422, 'invalid_request', 'No key', 'This is no API key. / Ini bukan kunci API.');
  }
  const tried = await callApi(`${API_BASE_URL}/me`, { headers: { authorization: `Bearer ${key}` }, cache: 'no-store' }, API_READ_MS);
  if (!tried.ok) {
    return new Response(tried.body, {
      status: tried.status,
      headers: pick(tried.headers, ['content-type', 'retry-after']),
    });
  }
  (await cookies()).set(SESSION_COOKIE, seal(key), {
    httpOnly: true,
    sameSite: 'strict',
    secure: request.headers.get('x-forwarded-proto') === 'https',
    path: '/',
    maxAge: SESSION_DAYS * 86_400,
  });
  return new Response(tried.body, { headers: { 'content-type': 'application/json' } });
}

/** Sign out. */
export async function DELETE(request: NextRequest): Promise<Response> {
  const refused = refusal(request);
  if (refused) return refused;
  (await cookies()).delete(SESSION_COOKIE);
  return new Response(null, { status: 204 });
}
