import 'server-only';
import { API_READ_TIMEOUT_MS } from '@/lib/api/timeouts';
import type { Lang } from '@/lib/languages';
import { API_BASE_URL } from './config';
import { pickHeaders } from './forwarding';
import { preferredLang } from './preferences';
import { translations } from './translations';
import { callApi } from './upstream';

/** What a reader's browser says, and what the API says of the page; no cookie and no key. */
const ASKED = ['accept-language', 'if-none-match'] as const;
const ANSWERED = [
  'cache-control',
  'content-language',
  'content-security-policy',
  'content-type',
  'etag',
  'referrer-policy',
  'vary',
  'x-frame-options',
] as const;

/** The answer of the API to a reader of a status page, without a session; a plain text for everything but a page. */
export async function publicStatus(request: Request, slug: string, accept: string, rest = ''): Promise<Response> {
  const lang = await preferredLang();
  const headers = pickHeaders(request.headers, ASKED);
  headers.set('accept', accept);
  const path = `/status/${encodeURIComponent(slug)}${rest}${new URL(request.url).search}`;
  const upstream = await callApi(
    `${API_BASE_URL}${path}`,
    { headers, signal: request.signal, cache: 'no-store', redirect: 'manual' },
    API_READ_TIMEOUT_MS,
    lang,
  );
  if (upstream.ok || upstream.status === 304) {
    return new Response(upstream.body, { status: upstream.status, headers: pickHeaders(upstream.headers, ANSWERED) });
  }
  return plain(lang, upstream.status === 404 ? 404 : 503);
}

function plain(lang: Lang, status: 404 | 503): Response {
  const text = status === 404 ? translations[lang].noStatusPage : translations[lang].statusPageAway;
  return new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'content-language': lang, 'cache-control': 'no-store' },
  });
}
