import 'server-only';
import { API_BASE_URL } from '../config';
import { originHeaders } from './origin';
import { SealedJson } from '../sealed-json';
import { callApi } from '../upstream';
import { API_READ_TIMEOUT_MS, API_WRITE_TIMEOUT_MS } from '@/lib/api/timeouts';
import type { Lang } from '@/lib/languages';

/** What a browser keeps while it is at the provider: the API's sealed transaction, and the page to go to afterwards. */
type Kept = { transaction: string; next: string };
/** Why a sign-in was refused, for the sign-in page that follows. */
export type Refused = { title: string; detail: string };

const KEPT_SECONDS = 600;
const REFUSED_SECONDS = 60;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export const keptSignIn = new SealedJson<Kept>(
  'oidc',
  (value): value is Kept => isRecord(value) && typeof value.transaction === 'string' && typeof value.next === 'string',
);
export const refusedSignIn = new SealedJson<Refused>(
  'refused',
  (value): value is Refused => isRecord(value) && typeof value.title === 'string' && typeof value.detail === 'string',
);

const portOf = (host: string | null) => /:(\d{1,5})$/.exec(host ?? '')?.[1] ?? process.env.PORT ?? '3000';

/** The cookie of a sign-in under way. Over https no other host of the domain can set it (`__Host-`). */
export const keptCookie = (host: string | null, isSecure: boolean) => `${isSecure ? '__Host-' : ''}mj_oidc_${portOf(host)}`;
export const refusedCookie = (host: string | null) => `mj_refused_${portOf(host)}`;

/** Lax: the browser comes back from the provider's site, and must bring it along. */
export const keptOptions = (isSecure: boolean) =>
  ({ httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/', maxAge: KEPT_SECONDS }) as const;
export const refusedOptions = { httpOnly: true, sameSite: 'lax', path: '/sign-in', maxAge: REFUSED_SECONDS } as const;

/** Call one of the API's sign-in operations for a browser without a session. The signed address proves that we call. */
export function callSignIn(headers: Headers, path: '/start' | '', body: unknown, lang: Lang): Promise<Response> {
  const init = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'accept-language': lang,
      'user-agent': headers.get('user-agent') ?? '',
      ...originHeaders(headers, 'POST'),
    },
    body: JSON.stringify(body),
    cache: 'no-store',
  } as const;
  return callApi(`${API_BASE_URL}/sessions/oidc${path}`, init, API_WRITE_TIMEOUT_MS, lang);
}

/** The name of the provider for the sign-in page; null if none is set, or if the API does not answer. */
export async function providerLabel(lang: Lang): Promise<string | null> {
  const answer = await callApi(`${API_BASE_URL}/sign-in`, { cache: 'no-store' }, API_READ_TIMEOUT_MS, lang);
  if (!answer.ok) return null;
  const { oidc } = (await answer.json()) as { oidc: { label: string } | null };
  return oidc?.label ?? null;
}

/** The refusal in an answer of the API, or of our own in its place. */
export async function refusalIn(answer: Response): Promise<Refused> {
  const { title, detail } = (await answer.json().catch(() => ({}))) as Partial<Refused>;
  return { title: title ?? `${answer.status}`, detail: detail ?? '' };
}
