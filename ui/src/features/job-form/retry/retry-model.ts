import { isObject, type Json, type JsonObject } from '@/components/schema-form';

export type RetryKind = 'exponential' | 'list';

/** The defaults of an incomplete retry policy. */
export const RETRY_DEFAULTS = { max_retry: 3, base: 1, factor: 2, max: 300, jitter: 0 } as const;

const MAX_RETRIES = 100;

export type RetryPlan = {
  /**
   * Seconds from the first failure to each attempt; the first attempt is at 0. The duration of the attempts is left
   * out.
   */
  at: number[];
  /** How much earlier or later each wait can be, as a share of it. */
  jitter: number;
};

function numberOr(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

export function retryKind(policy: JsonObject): RetryKind {
  return Array.isArray(policy.backoff_sec) ? 'list' : 'exponential';
}

/** The wait after the n-th failure, from 1, without jitter; the same rule as the workers'. */
function waitAfter(failure: number, backoff: Json | undefined): number {
  if (Array.isArray(backoff)) return numberOr(backoff[Math.min(failure, backoff.length) - 1], 0);
  const rule = isObject(backoff) ? backoff : {};
  const base = numberOr(rule.base, RETRY_DEFAULTS.base);
  const factor = numberOr(rule.factor, RETRY_DEFAULTS.factor);
  return Math.min(base * factor ** (failure - 1), numberOr(rule.max, RETRY_DEFAULTS.max));
}

/** The attempts of a run that always fails; null while the policy contains invalid numbers. */
export function retryPlan(policy: JsonObject): RetryPlan | null {
  const retries = numberOr(policy.max_retry, policy.max_retry === undefined ? RETRY_DEFAULTS.max_retry : -1);
  if (!Number.isInteger(retries) || retries < 0 || retries > MAX_RETRIES || hasText(policy.backoff_sec)) return null;
  const at = [0];
  for (let failure = 1; failure <= retries; failure += 1) {
    const wait = waitAfter(failure, policy.backoff_sec);
    if (wait < 0) return null;
    at.push((at.at(-1) ?? 0) + wait);
  }
  const jitter = numberOr(policy.jitter, policy.jitter === undefined ? 0 : -1);
  return jitter < 0 || jitter > 1 ? null : { at, jitter };
}

function hasText(backoff: Json | undefined): boolean {
  if (Array.isArray(backoff)) return backoff.length === 0 || backoff.some((each) => typeof each !== 'number');
  return isObject(backoff) && Object.values(backoff).some((each) => typeof each !== 'number');
}

/** Typed waits, "1, 5, 30"; invalid text stays text, and the API refuses it. */
export function readWaits(text: string): Json[] {
  return text
    .split(/[,;\s]+/)
    .filter(Boolean)
    .map((each) => (/^(\d+\.?\d*|\.\d+)$/.test(each) ? Number(each) : each));
}

export function writeWaits(backoff: Json | undefined): string {
  return Array.isArray(backoff) ? backoff.map(String).join(', ') : '';
}

/** The same policy with the other kind of waits. */
export function switchRetryKind(policy: JsonObject, kind: RetryKind): JsonObject {
  if (kind === retryKind(policy)) return policy;
  if (kind === 'exponential') {
    const { base, factor, max } = RETRY_DEFAULTS;
    return { ...policy, backoff_sec: { base, factor, max } };
  }
  const retries = Math.min(Math.max(numberOr(policy.max_retry, RETRY_DEFAULTS.max_retry), 1), 10);
  const waits = Array.from({ length: retries }, (_, index) => waitAfter(index + 1, policy.backoff_sec));
  return { ...policy, backoff_sec: waits };
}

/** Positions on a line from 0 to 1: linear, or stretched at the start if the first points would overlap. */
export function placeTimes(at: readonly number[]): { places: number[]; isStretched: boolean } {
  const total = at.at(-1) ?? 0;
  if (total === 0) return { places: at.map(() => 0), isStretched: false };
  const waits = at.slice(1).map((each, index) => each - (at[index] ?? 0));
  const shortest = Math.min(...waits.filter((each) => each > 0));
  const isStretched = shortest / total < 1 / 24;
  const scale = (seconds: number) => (isStretched ? Math.log1p(seconds / shortest) : seconds);
  return { places: at.map((each) => scale(each) / scale(total)), isStretched };
}
