/*
 * How long an answer may take, in milliseconds. The dashboard's server gives up a little earlier than the browser, so
 * that the browser receives the reason (504 `api_timeout`) in place of silence.
 */

/** A read in the browser, including its body. */
export const READ_TIMEOUT_MS = 5_000;
/** A read of the API by our server, up to the response head. */
export const API_READ_TIMEOUT_MS = 4_000;
/** The liveness check in the browser, and at our server: a hung API is reported within 6 s. */
export const HEALTH_CHECK_TIMEOUT_MS = 3_000;
const API_CHECK_MS = 2_500;
const CHECK_PATH = '/healthz';
/** A write: it may wait for a lease or a remote service. */
export const API_WRITE_TIMEOUT_MS = 30_000;
const MARGIN_MS = 2_000;
// PLANNER_AI_TIMEOUT_SEC is at most 300.
const MODEL_PATH = '/planner/plan-ai';
const API_MODEL_MS = 302_000;

/** How long our server waits for the API; `path` is an operation's, such as `/runs/counts`. */
export function apiTimeoutMs(method: string, path: string): number {
  if (path === CHECK_PATH) return API_CHECK_MS;
  if (path === MODEL_PATH) return API_MODEL_MS;
  return method === 'GET' ? API_READ_TIMEOUT_MS : API_WRITE_TIMEOUT_MS;
}

/** How long the browser waits for our server. */
export function browserTimeoutMs(method: string, path: string): number {
  if (path === CHECK_PATH) return HEALTH_CHECK_TIMEOUT_MS;
  return method === 'GET' ? READ_TIMEOUT_MS : apiTimeoutMs(method, path) + MARGIN_MS;
}

/** Whole seconds, as texts show them. */
export function inSeconds(ms: number): number {
  return Math.round(ms / 1_000);
}
