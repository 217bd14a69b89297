import 'server-only';
import { cookies } from 'next/headers';
import type { NextRequest } from 'next/server';
import { refusedCookie, refusedOptions, refusedSignIn, type Refused } from './access/oidc';

export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
}

/** The sign-in page, and the page that follows it. */
export function signInPath(next: string): string {
  return `/sign-in?next=${encodeURIComponent(next)}`;
}

/**
 * Go to the sign-in page with the reason of a refusal. It travels in a sealed cookie: a text in the address could come
 * from anyone.
 */
export async function toSignInPage(request: NextRequest, next: string, refused: Refused): Promise<Response> {
  (await cookies()).set(refusedCookie(request.headers.get('host')), refusedSignIn.seal(refused), refusedOptions);
  return seeOther(`${signInPath(next)}&refused=1`);
}
