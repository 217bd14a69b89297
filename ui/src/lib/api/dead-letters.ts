import { api, unwrap } from './client';

/** The dead letters that an action concerns; the API takes exactly one of the three. */
export type DeadLetterSelection = { run_ids: string[] } | { fingerprint: string } | { filter: { job_id?: string } };

type Failure = { code: string; run_id: string };
export type DeadLetterResult = { done: number; failed: readonly Failure[] };

/** Run dead letters again, all at once or at most `ratePerSec` a second. */
export async function redriveDeadLetters(
  selection: DeadLetterSelection,
  idempotencyKey: string,
  ratePerSec: number | null = null,
): Promise<DeadLetterResult> {
  const body = { ...selection, ...(ratePerSec === null ? {} : { rate_per_sec: ratePerSec }) };
  const answer = await unwrap(api.POST('/dead-letters/redrive', { params: { header: { 'Idempotency-Key': idempotencyKey } }, body }));
  return 'redriven' in answer ? { done: answer.redriven, failed: answer.failed } : { done: 0, failed: [] };
}

/** Discard dead letters; this cannot be undone. */
export async function discardDeadLetters(selection: DeadLetterSelection): Promise<DeadLetterResult> {
  const answer = await unwrap(api.POST('/dead-letters/discard', { body: selection }));
  return 'discarded' in answer ? { done: answer.discarded, failed: answer.failed } : { done: 0, failed: [] };
}

/** The number of dead letters that an action would concern now; changes nothing. */
export async function countDeadLetters(selection: DeadLetterSelection): Promise<number> {
  const answer = await unwrap(api.POST('/dead-letters/redrive', { body: { ...selection, dry_run: true } }));
  return 'count' in answer ? answer.count : 0;
}
