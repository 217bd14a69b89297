import 'server-only';
import { noAnswerTranslations } from '@/lib/api/translations';
import type { Lang } from '@/lib/languages';
import type { UnmetCondition } from './access/exposure';
import { conditionTranslations, translations } from './translations';

/** An error response in the format of the API (RFC 9457), for requests that this server refuses itself. */
function problem(lang: Lang, status: number, code: string, title: string, detail: string): Response {
  const body = { type: `urn:multi-job:${code}`, title, status, detail, instance: '', code, trace_id: '' };
  return Response.json(body, {
    status,
    headers: { 'content-type': 'application/problem+json', 'content-language': lang, 'cache-control': 'no-store' },
  });
}

/** The 401 for a request without a key that must have one, with the condition that it does not meet. */
export function keyRequired(lang: Lang, exposed: UnmetCondition): Response {
  const t = translations[lang];
  return problem(lang, 401, 'unauthorized', t.unauthorized, t.keyRequired(conditionTranslations[lang][exposed]));
}

export function noOperation(lang: Lang): Response {
  const t = translations[lang];
  return problem(lang, 404, 'not_found', t.notFound, t.noOperation);
}

/** The 403 for a request that another site may have caused. */
export function foreignOrigin(lang: Lang, text: 'foreignCall' | 'foreignSignIn'): Response {
  const t = translations[lang];
  return problem(lang, 403, 'foreign_origin', t.refused, t[text]);
}

export function tooLarge(lang: Lang, maxBytes: number): Response {
  const t = translations[lang];
  return problem(lang, 413, 'body_too_large', t.tooLarge, t.atMost(maxBytes / 1024));
}

export function notAKey(lang: Lang): Response {
  const t = translations[lang];
  return problem(lang, 422, 'invalid_request', t.noKey, t.notAKey);
}

export function sessionNotEnded(lang: Lang): Response {
  const t = translations[lang];
  return problem(lang, 502, 'session_not_ended', t.signedOutHere, t.sessionNotEnded);
}

export function unreachable(lang: Lang): Response {
  const t = translations[lang];
  return problem(lang, 502, 'api_unreachable', t.noAnswer, t.unreachable);
}

/** The 504 for a call without an answer in time. */
export function timedOut(lang: Lang, method: string, seconds: number): Response {
  const t = noAnswerTranslations[lang];
  const detail = method === 'GET' ? t.read(seconds) : t.write(seconds);
  return problem(lang, 504, 'api_timeout', translations[lang].noAnswer, detail);
}
