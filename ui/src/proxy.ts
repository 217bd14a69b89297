import { NextResponse, type NextRequest } from 'next/server';
import { isAllowedHost } from '@/server/same-origin';

/** Runs before every request, on all paths: checks the Host, and sets the content security policy of the page. */
export function proxy(request: NextRequest): Response {
  if (!isAllowedHost(request.headers.get('host'))) {
    return new Response('This server is not known by that name: UI_ALLOWED_HOSTS lists the others.\n', {
      status: 421,
    });
  }
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  // Responses of the API are data, also the HTML of a report: opened directly, they may not run anything.
  const policy = request.nextUrl.pathname.startsWith('/api/') ? DATA_POLICY : contentPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('x-asked-path', request.nextUrl.pathname + request.nextUrl.search);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  // A status page brings its own policy, which names its style.
  if (!request.nextUrl.pathname.startsWith('/status/')) response.headers.set('content-security-policy', policy);
  response.headers.set('x-frame-options', 'DENY');
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('x-content-type-options', 'nosniff');
  return response;
}

const DATA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

function contentPolicy(nonce: string): string {
  const isDevelopment = process.env.NODE_ENV === 'development';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    // Charts and virtual rows place themselves by style attributes; reports bring their own styles.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(isDevelopment ? ["connect-src 'self' ws: wss:"] : []),
  ].join('; ');
}
