import 'server-only';
import { OPERATIONS } from '@/generated/operations';

/** Request headers that reach the API; everything else stays here, forwarding headers above all. */
export const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'traceparent',
] as const;

/** Answer headers that reach the browser. */
export const RESPONSE_HEADERS = [
  'content-disposition',
  'content-language',
  'content-type',
  'etag',
  'idempotency-key',
  'link',
  'location',
  'retry-after',
  'x-log-complete',
  'x-log-truncated',
  'x-next-cursor',
  'x-total-count',
  'x-searched-count',
  'x-search-total',
  'x-trace-id',
] as const;

export const WRITE_HEADER = 'x-multi-job';

const PATTERNS = OPERATIONS.map(([method, template]) => ({
  method,
  pattern: new RegExp(`^${template.replace(/[.+*?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`),
}));

/** Whether the API has this operation and a browser may call it; `path` is still percent-encoded. */
export function isForwarded(method: string, path: string): boolean {
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path) || /%2f|%5c|\\/i.test(path)) return false;
  return PATTERNS.some((each) => each.method === method && each.pattern.test(path));
}

/** The chosen headers of a message. */
export function pickHeaders(headers: Headers, names: readonly string[]): Headers {
  const picked = new Headers();
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) picked.set(name, value);
  }
  return picked;
}
