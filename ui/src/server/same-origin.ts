import 'server-only';
import { hostsOf, servesHost } from '../../scripts/request-filter.mjs';

const ALLOWED = hostsOf(process.env.UI_ALLOWED_HOSTS);

/** Whether a Host header names this server: loopback at any port, or a name of UI_ALLOWED_HOSTS. */
export function isAllowedHost(host: string | null): boolean {
  return servesHost(host, ALLOWED);
}

/** Whether a request comes from our own pages: browsers send Origin with every write. */
export function isSameOrigin(headers: Headers): boolean {
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
