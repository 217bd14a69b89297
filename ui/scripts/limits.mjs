// Limits of the dashboard's connections: the time of a head and of a request, and how many there may be.

/** Milliseconds; the API has the same (`app/services/api/http/connections.py`). */
export const HEAD_MS = 10_000;
export const REQUEST_MS = 30_000;
// Node.js checks every 30 s by default, however short the timeouts are.
const LOOK_MS = 1_000;
export const MAX_CONNECTIONS = 2_000;

/** UI_MAX_CONNECTIONS as a number; throws an Error with the reason if it is malformed. */
export function connectionsOf(setting) {
  if (!setting) return MAX_CONNECTIONS;
  const wanted = Number(setting);
  if (!/^\d{1,6}$/.test(setting) || wanted < 16 || wanted > 100_000) {
    throw new Error(
      `UI_MAX_CONNECTIONS=${JSON.stringify(setting)}: use a number from 16 to 100000 / pakai angka 16 sampai 100000`,
    );
  }
  return wanted;
}

/** Limit a server. Call it before the server listens: only then does it start to check its connections. */
export function limitConnections(server, most = MAX_CONNECTIONS, { headMs = HEAD_MS, requestMs = REQUEST_MS, lookMs = LOOK_MS } = {}) {
  server.headersTimeout = headMs;
  server.requestTimeout = requestMs;
  server.connectionsCheckingInterval = lookMs;
  server.maxConnections = most;
}
