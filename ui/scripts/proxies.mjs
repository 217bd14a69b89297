// The address that a request came from, through the proxies of TRUSTED_PROXIES. `app/core/proxies.py` reads the same way.
import { BlockList, isIP } from 'node:net';

const MAX_HOPS = 20;

/**
 * The networks of a setting such as TRUSTED_PROXIES (`10.0.0.5,10.1.0.0/16`). Throws if an entry is not a network.
 */
export function proxiesOf(setting) {
  const list = new BlockList();
  for (const entry of (setting ?? '').split(',').map((each) => each.trim()).filter(Boolean)) {
    const [address, prefix] = entry.split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
    if (!family || !/^\d{1,3}$/.test(prefix ?? '0') || bits > (family === 6 ? 128 : 32)) {
      throw new Error(`TRUSTED_PROXIES: ${JSON.stringify(entry)} is no address and no network: write 10.0.0.5 or 10.0.0.0/24`);
    }
    list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/**
 * The right-most address that is no trusted proxy; the socket's peer if no proxy is trusted. If X-Forwarded-For and
 * Forwarded disagree, one of them came from the client: the proxy's own address is returned then.
 */
export function originOf(peer, trusted, forwardedFor, forwarded) {
  const own = plainAddress(peer);
  if (own === null || !isTrusted(own, trusted)) return own;
  const chains = [hopsOf(forwardedFor), hopsOf(forwarded).map(forPart)].filter((hops) => hops.length > 0);
  const found = new Set(chains.map((hops) => firstUntrusted(own, trusted, hops)));
  return found.size === 1 ? [...found][0] : own;
}

function firstUntrusted(peer, trusted, hops) {
  let reached = peer;
  for (const hop of hops.slice(-MAX_HOPS).reverse()) {
    const address = plainAddress(hop);
    if (address === null) return reached;
    reached = address;
    if (!isTrusted(address, trusted)) break;
  }
  return reached;
}

function hopsOf(values) {
  return values.flatMap((value) => value.split(',')).map((hop) => hop.trim());
}

function forPart(hop) {
  for (const part of hop.split(';')) {
    const [name, ...value] = part.split('=');
    if (name.trim().toLowerCase() === 'for') return value.join('=').trim().replace(/^"|"$/g, '');
  }
  return '';
}

/** An address without its port and brackets; null if the text is not an address. */
export function plainAddress(text) {
  let bare = (text ?? '').trim();
  if (bare.startsWith('[')) bare = bare.slice(1).split(']', 1)[0];
  else if (bare.split(':').length === 2) bare = bare.split(':', 1)[0];
  bare = bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(bare) ? bare : null;
}

function isTrusted(address, trusted) {
  return trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
