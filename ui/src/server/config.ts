import 'server-only';
import { randomBytes } from 'node:crypto';

/** Where the API is; the browser never learns it. */
export const API_BASE_URL = (process.env.API_BASE_URL || 'http://127.0.0.1:8000').replace(/\/+$/, '');

/** What seals the cookie that holds a signed-in person's key. Unset: made anew by each process. */
export const SESSION_SECRET = process.env.UI_SESSION_SECRET || randomBytes(32).toString('hex');
