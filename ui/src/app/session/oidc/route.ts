import { cookies } from 'next/headers';
import type { NextRequest } from 'next/server';
import { callSignIn, keptCookie, keptOptions, keptSignIn, refusalIn } from '@/server/access/oidc';
import { preferredLang } from '@/server/preferences';
import { seeOther, signInPath, toSignInPage } from '@/server/sign-in-redirect';
import { safePath } from '@/lib/api/sign-in';

const OWN_SITE: ReadonlySet<string | null> = new Set([null, 'same-origin', 'none']);

/** The dashboard's host as the browser knows it: a proxy may have changed the Host, but not the page's address. */
function hostInBrowser(headers: Headers): string {
  try {
    return new URL(headers.get('referer') ?? '').host;
  } catch {
    return headers.get('host') ?? '';
  }
}

/** Begin a sign-in at the provider: the browser keeps the sealed transaction and goes there. */
export async function GET(request: NextRequest): Promise<Response> {
  const next = safePath(request.nextUrl.searchParams.get('next'));
  // A page of another site must not begin one.
  if (!OWN_SITE.has(request.headers.get('sec-fetch-site'))) return seeOther(signInPath(next));
  const host = hostInBrowser(request.headers);
  const answer = await callSignIn(request.headers, '/start', { host }, await preferredLang());
  if (!answer.ok) return toSignInPage(request, next, await refusalIn(answer));
  const started = (await answer.json()) as { authorization_url: string; redirect_uri: string; transaction: string };
  const callback = new URL(started.redirect_uri);
  // The provider sends the browser to PUBLIC_URL: a cookie of another name would not come along.
  if (callback.host !== host) return seeOther(`${callback.origin}${signInPath(next)}`);
  const isSecure = callback.protocol === 'https:';
  const kept = keptSignIn.seal({ transaction: started.transaction, next });
  (await cookies()).set(keptCookie(request.headers.get('host'), isSecure), kept, keptOptions(isSecure));
  return seeOther(started.authorization_url);
}
