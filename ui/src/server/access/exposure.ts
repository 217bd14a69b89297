import 'server-only';
import { isIPv4 } from 'node:net';
import {
  ADDRESS_HEADER,
  ENDS_HEADER,
  FORWARDED_HEADER,
  PEER_HEADER,
  SERVER_HEADER,
  hasRequestFilter,
  hostsOf,
  isForwardingHeader,
  isLoopbackName,
} from '../../../scripts/request-filter.mjs';

/** The origin of a request, from its socket and headers. */
export type Caller = {
  /** The address of the socket's other end; null if it is not known. */
  peer: string | null;
  /** The address of the person: the peer's, or as a proxy of TRUSTED_PROXIES saw it; null if it is not known. */
  address: string | null;
  /** The local address of the socket. */
  server: string | null;
  /** Both ends of the socket, `address port address port`, the caller's first; empty if they are not known. */
  ends: string;
  /** Names of the forwarding headers that the caller sent, in lower case. */
  forwarded: string[];
};

export type ExposureSettings = { auth: 'auto' | 'key' | 'off'; isContainer: boolean; allowedHosts: ReadonlySet<string>; uiHost: string };

/** The condition of a keyless request that does not hold. */
export type UnmetCondition = 'peer' | 'server' | 'host' | 'forwarded' | 'allowed_hosts' | 'ui_host' | 'auth' | 'container' | 'ends' | 'credential';

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|::1)$/;
// Next.js fills these in from the socket if the caller sent none.
const SET_BY_NEXT = new Set(['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto']);

/** The origin of a request; without the request filter it is unknown, except for the address in development. */
export function callerOf(headers: Headers): Caller {
  if (hasRequestFilter()) {
    const forwarded = (headers.get(FORWARDED_HEADER) ?? '').split(' ').filter(Boolean);
    const header = (name: string) => headers.get(name) || null;
    return {
      peer: header(PEER_HEADER),
      server: header(SERVER_HEADER),
      address: header(ADDRESS_HEADER),
      ends: headers.get(ENDS_HEADER) ?? '',
      forwarded,
    };
  }
  if (process.env.NODE_ENV !== 'development') return { peer: null, server: null, address: null, ends: '', forwarded: [] };
  // `next dev` has no request filter and listens on 127.0.0.1, as `npm run dev` starts it.
  const peer = headers.get('x-forwarded-for');
  const forwarded = [...headers.keys()].filter((name) => isForwardingHeader(name) && !SET_BY_NEXT.has(name));
  return { peer, server: peer, address: peer, ends: '', forwarded };
}

/** Read the settings about keyless requests from the environment. */
export function exposureSettings(env: Readonly<Record<string, string | undefined>>): ExposureSettings {
  return {
    auth: env.AUTH === 'off' || env.AUTH === 'key' ? env.AUTH : 'auto',
    isContainer: !['', '0', undefined].includes(env.MULTI_JOB_CONTAINER),
    allowedHosts: hostsOf(env.UI_ALLOWED_HOSTS),
    // `next dev` gets its address by an option; the built server reads HOSTNAME and listens everywhere without it.
    uiHost: env.NODE_ENV === 'development' ? '127.0.0.1' : (env.HOSTNAME ?? '0.0.0.0'),
  };
}

/**
 * Why a request needs a key; null if it may be served without. It is passed on without a key only if it came from
 * this machine, directly, to a server that is meant for this machine only, and with both ends of its socket: the API
 * asks the kernel whose they are. `app/services/api/http/auth.py` has the same rules; one table of cases tests both.
 */
export function exposureReason(caller: Caller, host: string | null, settings: ExposureSettings): UnmetCondition | null {
  if (settings.auth === 'off') return null;
  if (settings.auth === 'key') return 'auth';
  if (settings.isContainer) return 'container';
  if (!isLoopback(caller.peer)) return 'peer';
  if (!isLoopback(caller.server)) return 'server';
  if (!isLoopbackName(host)) return 'host';
  if (caller.forwarded.length > 0) return 'forwarded';
  if (settings.allowedHosts.size > 0) return 'allowed_hosts';
  if (!LOOPBACK.test(settings.uiHost)) return 'ui_host';
  return caller.ends === '' ? 'ends' : null;
}

/** Whether an address is loopback; an IPv4 address inside IPv6 counts as that IPv4 address. */
function isLoopback(address: string | null): boolean {
  if (address === null) return false;
  const bare = address.replace(/%.*$/, '').replace(/^::ffff:/i, '');
  return bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** The command that gives a link to sign in, as it is typed on the machine of this server. */
export function openCommand(env: Readonly<Record<string, string | undefined>>): string {
  return exposureSettings(env).isContainer ? 'docker compose exec api multi-job open' : 'multi-job open';
}
