import type { NextRequest } from 'next/server';
import { API_BASE_URL } from '@/server/config';
import { authOf } from '@/server/api';
import { MAX_BODY_BYTES, readLimited } from '@/server/read-body';
import {
  REQUEST_HEADERS,
  RESPONSE_HEADERS,
  WRITE_HEADER,
  isForwarded,
  pickHeaders,
} from '@/server/forwarding';
import { apiTimeoutMs } from '@/lib/api/timeouts';
import { originHeaders } from '@/server/access/origin';
import { preferredLang } from '@/server/preferences';
import { foreignOrigin, keyRequired, noOperation, tooLarge } from '@/server/problems';
import { isSameOrigin } from '@/server/same-origin';
import { callApi } from '@/server/upstream';

export const dynamic = 'force-dynamic';

/** Forward one operation to the API on behalf of the signed-in user. */
async function forward(request: NextRequest): Promise<Response> {
  const path = request.nextUrl.pathname.slice('/api'.length);
  const isWrite = request.method !== 'GET';
  const lang = await preferredLang();
  if (!isForwarded(request.method, path)) return noOperation(lang);
  if (!isSameOrigin(request.headers) || (isWrite && request.headers.get(WRITE_HEADER) === null)) {
    return foreignOrigin(lang, 'foreignCall');
  }
  const auth = await authOf();
  if (auth.headers === null) return keyRequired(lang, auth.exposed);
  const body = isWrite ? await readLimited(request, MAX_BODY_BYTES) : undefined;
  if (body === null) return tooLarge(lang, MAX_BODY_BYTES);
  const headers = pickHeaders(request.headers, REQUEST_HEADERS);
  for (const [name, value] of Object.entries(auth.headers)) headers.set(name, value);
  for (const [name, value] of Object.entries(originHeaders(request.headers, request.method))) headers.set(name, value);
  if (isWrite) headers.set('content-type', 'application/json');
  const upstream = await callApi(
    `${API_BASE_URL}${path}${request.nextUrl.search}`,
    { method: request.method, headers, body, signal: request.signal, cache: 'no-store', redirect: 'manual' },
    apiTimeoutMs(request.method, path),
    lang,
  );
  return streamResponse(upstream);
}

function streamResponse(upstream: Response): Response {
  const headers = pickHeaders(upstream.headers, RESPONSE_HEADERS);
  // `no-transform` keeps compression from holding back an event stream.
  headers.set('cache-control', 'no-store, no-transform');
  headers.set('x-accel-buffering', 'no');
  headers.set('x-content-type-options', 'nosniff');
  return new Response(upstream.body, { status: upstream.status, headers });
}

export { forward as DELETE, forward as GET, forward as POST, forward as PUT };
