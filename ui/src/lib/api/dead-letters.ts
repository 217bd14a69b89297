import { api, unwrap } from './client';

/** The dead letters that an action concerns; the API takes exactly one of the three. */
export type DeadLetterSelection = { run_ids: string[] } | { fingerprint: string } | { filter: { job_id?: string } };

type Failure = { code: string; run_id: string };
/** What a decision did: how many runs, the first of them, and those that it did not touch. */
export type DeadLetterResult = { done: number; runIds: readonly string[]; failed: readonly Failure[] };

const NOTHING: DeadLetterResult = { done: 0, runIds: [], failed: [] };

/** Run dead letters again, all at once or at most `ratePerSec` a second. */
export async function redriveDeadLetters(
  selection: DeadLetterSelection,
  idempotencyKey: string,
  ratePerSec: number | null = null,
): Promise<DeadLetterResult> {
  const body = { ...selection, ...(ratePerSec === null ? {} : { rate_per_sec: ratePerSec }) };
  const answer = await unwrap(api.POST('/dead-letters/redrive', { params: { header: { 'Idempotency-Key': idempotencyKey } }, body }));
  return 'redriven' in answer ? { done: answer.redriven, runIds: answer.run_ids, failed: answer.failed } : NOTHING;
}

/** Discard dead letters; this cannot be undone. */
export async function discardDeadLetters(selection: DeadLetterSelection): Promise<DeadLetterResult> {
  const answer = await unwrap(api.POST('/dead-letters/discard', { body: selection }));
  return 'discarded' in answer ? { done: answer.discarded, runIds: [], failed: answer.failed } : NOTHING;
}

/** The number of dead letters that an action would concern now; changes nothing. */
export async function countDeadLetters(selection: DeadLetterSelection): Promise<number> {
  const answer = await unwrap(api.POST('/dead-letters/redrive', { body: { ...selection, dry_run: true } }));
  return 'count' in answer ? answer.count : 0;
}
