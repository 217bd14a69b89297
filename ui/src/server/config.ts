import 'server-only';
import { randomBytes } from 'node:crypto';

/** The address of the API; the browser never sees it. */
export const API_BASE_URL = (process.env.API_BASE_URL || 'http://127.0.0.1:8000').replace(/\/+$/, '');

// Pages and route handlers are bundled apart, each with a copy of this module: the process has one secret.
const shared = globalThis as { multiJobSessionSecret?: string };

/** The secret that seals session cookies and proves a user's address to the API. Unset: each process makes one. */
export const SESSION_SECRET =
  process.env.UI_SESSION_SECRET || (shared.multiJobSessionSecret ??= randomBytes(32).toString('hex'));
