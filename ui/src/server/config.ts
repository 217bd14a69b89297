import 'server-only';
import { randomBytes } from 'node:crypto';

/** Where the API is; the browser never learns it. */
export const API_BASE_URL = (process.env.API_BASE_URL || 'http://127.0.0.1:8000').replace(/\/+$/, '');

// Pages and route handlers are bundled apart, each with a copy of this module: the process has one secret.
const made = globalThis as { multiJobSessionSecret?: string };

/** What seals the cookie that holds a signed-in person's key. Unset: made anew by each process. */
export const SESSION_SECRET =
  process.env.UI_SESSION_SECRET || (made.multiJobSessionSecret ??= randomBytes(32).toString('hex'));

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|::1)$/;
// `next dev` is told its address by an option; the built server reads HOSTNAME and listens everywhere without it.
const listensAt = process.env.NODE_ENV === 'production' ? (process.env.HOSTNAME ?? '0.0.0.0') : '127.0.0.1';

/**
 * Whether people without a key are passed on. The API lets whoever is on its machine in, and it would take this
 * server for one of them: so not where this server can be reached from elsewhere, unless AUTH=off says so.
 */
export const KEYLESS_ALLOWED = process.env.AUTH === 'off' || LOOPBACK.test(listensAt);
