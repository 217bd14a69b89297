// The request filter in front of Next.js: records sockets and refuses requests that Next.js cannot serve. Next.js
// sets `X-Forwarded-*` itself, so only code in front of it can see if a proxy sent them.
import { STATUS_CODES, Server } from 'node:http';
import { limitConnections, MAX_CONNECTIONS } from './limits.mjs';
import { originOf, proxiesOf } from './proxies.mjs';

/** Headers that the filter sets; a caller's values under these names are dropped. */
export const PEER_HEADER = 'x-multi-job-peer';
export const SERVER_HEADER = 'x-multi-job-server';
export const FORWARDED_HEADER = 'x-multi-job-forwarded';
export const ADDRESS_HEADER = 'x-multi-job-address';
export const ENDS_HEADER = 'x-multi-job-ends';
const OWN_HEADERS = new Set([PEER_HEADER, SERVER_HEADER, FORWARDED_HEADER, ADDRESS_HEADER, ENDS_HEADER]);

// Proxies, tunnels and CDNs add at least one of these; `app/services/api/http/auth.py` has the same names.
const FORWARDING_HEADERS = new Set([
  ...['forwarded', 'via', 'cdn-loop', 'client-ip', 'true-client-ip', 'fastly-client-ip'],
  ...['x-client-ip', 'x-cluster-client-ip', 'x-real-ip', 'x-real-port', 'x-remote-ip'],
  ...['x-proxyuser-ip', 'x-envoy-external-address', 'x-azure-clientip'],
]);
const FORWARDING_PREFIX = /^(x-forwarded|x-original-|cf-)/;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** The most that is read of a body, in bytes. */
export const MAX_BODY_BYTES = 256 * 1024;
export const MAX_SESSION_BYTES = 4 * 1024;
// A client that still sends when its answer has left gets this long to read it.
const CLOSE_DELAY_MS = 1_000;
const INSTALLED = Symbol.for('multi-job.request-filter');

/** Whether this process has the filter, so that its headers cannot be a caller's. */
export function hasRequestFilter() {
  return globalThis[INSTALLED] === true;
}

/** The names in a setting such as UI_ALLOWED_HOSTS, in lower case. */
export function hostsOf(setting) {
  return new Set((setting ?? '').split(',').map((each) => each.trim().toLowerCase()).filter(Boolean));
}

/** Whether a Host header is a loopback name, at any port. */
export function isLoopbackName(host) {
  return LOOPBACK_NAMES.has((host ?? '').toLowerCase().replace(/:\d{1,5}$/, ''));
}

/** Whether a Host header names this server: loopback at any port, or one of `allowed`. */
export function servesHost(host, allowed) {
  return isLoopbackName(host) || allowed.has((host ?? '').toLowerCase());
}

/** Whether a header (name in lower case) shows that a proxy forwarded the request. */
export function isForwardingHeader(name) {
  return FORWARDING_HEADERS.has(name) || FORWARDING_PREFIX.test(name);
}

/** Why a request is refused before Next.js sees it: status and text; null if it is not. */
export function refusalFor({ method, url, hosts }, allowed) {
  if (hosts.length !== 1 || !servesHost(hosts[0], allowed)) {
    return [421, 'This server is not known by that name: UI_ALLOWED_HOSTS lists the others.'];
  }
  if (!METHODS.has(method)) return [405, `The method ${method} is not served.`];
  if (!url.startsWith('/')) return [400, 'The target must be a path.'];
  try {
    decodeURIComponent(url.split('?', 1)[0]);
  } catch {
    return [400, 'The path is not valid percent-encoded UTF-8.'];
  }
  return null;
}

/** Set the headers of the filter from the socket and the caller's headers; `proxies` are trusted to name the caller. */
export function setFilterHeaders(request, proxies) {
  const { rawHeaders, headers, socket } = request;
  const forwarded = new Set();
  const kept = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at].toLowerCase();
    if (OWN_HEADERS.has(name)) continue;
    if (isForwardingHeader(name)) forwarded.add(name);
    kept.push(rawHeaders[at], rawHeaders[at + 1]);
  }
  const facts = {
    [PEER_HEADER]: socket.remoteAddress ?? '',
    [SERVER_HEADER]: socket.localAddress ?? '',
    [FORWARDED_HEADER]: [...forwarded].join(' '),
    [ADDRESS_HEADER]: originOf(socket.remoteAddress, proxies, valuesOf(kept, 'x-forwarded-for'), valuesOf(kept, 'forwarded')) ?? '',
    [ENDS_HEADER]: endsOf(socket),
  };
  rawHeaders.splice(0, rawHeaders.length, ...kept, ...Object.entries(facts).flat());
  Object.assign(headers, facts);
}

/** Both ends of a connection, the caller's first; empty if they are not known. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }) {
  const ends = [remoteAddress, remotePort, localAddress, localPort];
  return ends.includes(undefined) ? '' : ends.join(' ');
}

/** The values of a header among names and values that alternate. */
function valuesOf(raw, name) {
  return raw.filter((_, at) => at % 2 === 1 && raw[at - 1].toLowerCase() === name);
}

/** The most bytes that a request to this target may have in its body. */
export function bodyLimitOf(url) {
  return url.split('?', 1)[0] === '/session' ? MAX_SESSION_BYTES : MAX_BODY_BYTES;
}

const latest = new WeakMap();

/** End a body after one byte more than its limit; the route then refuses it. Next.js would read all of it first. */
function boundBody(request, response) {
  const most = bodyLimitOf(request.url) + 1;
  const { push, socket } = request;
  let size = 0;
  latest.set(socket, request);
  request.push = (chunk, encoding) => {
    if (size >= most) return true;
    if (chunk === null) return push.call(request, null);
    const room = most - size;
    size += chunk.length;
    if (size < most) return push.call(request, chunk, encoding);
    // Ending an incomplete request would close its socket before the answer is sent.
    request.complete = true;
    push.call(request, chunk.subarray(0, room), encoding);
    push.call(request, null);
    // Unless a next request shows that the body has ended.
    const end = () => latest.get(socket) === request && socket.destroy();
    response.once('finish', () => setTimeout(end, CLOSE_DELAY_MS).unref());
    return true;
  };
}

/** Put the filter before every HTTP server of this process; `allowed` are names besides loopback. */
export function installRequestFilter(allowed, proxies = proxiesOf(''), connections = MAX_CONNECTIONS) {
  if (hasRequestFilter()) return;
  globalThis[INSTALLED] = true;
  const emit = Server.prototype.emit;
  Server.prototype.emit = function emitBehindFront(event, ...parts) {
    if (event === 'listening') {
      limitConnections(this, connections);
      this.on('connect', refuseSocket);
    }
    if (event === 'upgrade') return refuseSocket(...parts);
    if (event !== 'request' && event !== 'checkContinue' && event !== 'checkExpectation') {
      return emit.call(this, event, ...parts);
    }
    const [request, response] = parts;
    const refusal = refusalFor(
      { method: request.method, url: request.url, hosts: request.headersDistinct.host ?? [] },
      allowed,
    );
    if (refusal !== null) return refuse(response, ...refusal);
    setFilterHeaders(request, proxies);
    boundBody(request, response);
    return emit.call(this, event, ...parts);
  };
}

function refuse(response, status, text) {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    // Later data on this connection are not read.
    connection: 'close',
  });
  response.end(`${text}\n`);
  return true;
}

/** Refuse requests for another protocol or a tunnel: this server has neither. */
function refuseSocket(request, socket) {
  const status = request.method === 'CONNECT' ? 405 : 400;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  return true;
}
