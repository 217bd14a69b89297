import 'server-only';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const ALLOWED = new Set(
  (process.env.UI_ALLOWED_HOSTS ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter(Boolean),
);

/** Whether a Host header names this server: loopback at any port, or what UI_ALLOWED_HOSTS lists. */
export function isOurHost(host: string | null): boolean {
  if (!host) return false;
  const name = host.toLowerCase();
  return ALLOWED.has(name) || LOOPBACK.has(name.replace(/:\d{1,5}$/, ''));
}

/** Whether a request comes from our own pages: a browser says Origin with every write. */
export function isOurOrigin(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return false;
  const origin = headers.get('origin');
  if (origin === null) return true;
  try {
    return new URL(origin).host === headers.get('host');
  } catch {
    return false;
  }
}
