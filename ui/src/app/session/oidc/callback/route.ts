import { cookies } from 'next/headers';
import type { NextRequest } from 'next/server';
import { callSignIn, keptCookie, keptSignIn, refusalIn } from '@/server/access/oidc';
import { preferredLang } from '@/server/preferences';
import { seal, sessionCookie, sessionOptions } from '@/server/access/session';
import { toSignInPage } from '@/server/sign-in-redirect';
import { oidcTranslations } from '@/server/translations';
import type { Lang } from '@/lib/languages';

const ERROR_CODE = /^[a-z_]{1,40}$/;

/**
 * A page that goes on to another page of ours. The session's cookie is for our own pages only (`SameSite=Strict`), and a
 * redirect would still belong to the provider's site.
 */
function goOn(next: string, lang: Lang): Response {
  const t = oidcTranslations[lang];
  const path = next.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  const page = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>${t.signedIn}</title>
<meta http-equiv="refresh" content="0;url=${path}"></head><body><a href="${path}">${t.goOn}</a></body></html>`;
  return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } });
}

/** The provider sends the browser here: exchange its code for a session. */
export async function GET(request: NextRequest): Promise<Response> {
  const [lang, jar] = [await preferredLang(), await cookies()];
  const [t, host] = [oidcTranslations[lang], request.headers.get('host')];
  const isSecure = jar.has(keptCookie(host, true));
  const kept = keptSignIn.open(jar.get(keptCookie(host, isSecure))?.value);
  if (kept === null) return toSignInPage(request, '/', { title: t.refused, detail: t.notBegun });
  const given = (name: string) => request.nextUrl.searchParams.get(name) ?? '';
  jar.delete({ name: keptCookie(host, isSecure), path: '/', secure: isSecure });
  const code = given('code');
  if (!code) {
    // Its description is not shown: whoever writes the address writes that text.
    const error = ERROR_CODE.test(given('error')) ? given('error') : t.noCode;
    return toSignInPage(request, kept.next, { title: t.refused, detail: t.providerSays(error) });
  }
  const answered = { code, state: given('state'), iss: given('iss'), transaction: kept.transaction };
  const answer = await callSignIn(request.headers, '', answered, lang);
  if (!answer.ok) return toSignInPage(request, kept.next, await refusalIn(answer));
  const { token } = (await answer.json()) as { token: string };
  jar.set(sessionCookie(host), seal(token), sessionOptions(isSecure));
  return goOn(kept.next, lang);
}
