import { describe, expect, it } from 'vitest';
import type { Schemas } from '@/lib/api/client';
import { foldSlots } from './slot-folds';

type Occurrence = Schemas['WhyOccurrence'];
const at = (minute: number) => `2026-11-25T07:${String(minute).padStart(2, '0')}:00Z`;
const slots = (outcome: Occurrence['outcome'], minute: number, more: Partial<Occurrence> = {}): Occurrence =>
  ({ outcome, from: at(minute), to: at(minute), slots: 1, reason: outcome === 'ran' ? 'ran' : 'overlap', text: '', next_step: '', run_id: null, status: outcome === 'ran' ? 'success' : null, ...more }) as Occurrence;
const shape = (found: Occurrence[]) =>
  foldSlots(found).map((row) => (row.kind === 'one' ? row.slots.outcome : `${row.fold.ranges}×${row.fold.newest.outcome}`));

describe('foldSlots', () => {
  it('folds slots that an earlier run keeps skipping, with the runs between them', () => {
    const found = [slots('ran', 9), slots('skipped', 8), slots('ran', 7), slots('skipped', 6, { slots: 2 }), slots('ran', 4), slots('skipped', 3), slots('ran', 2)];
    const rows = foldSlots(found);
    expect(shape(found)).toEqual(['ran', '3×skipped', 'ran']);
    expect(rows[1]).toMatchObject({ kind: 'fold', fold: { slots: 4, ran: 2, from: at(3), to: at(8) } });
    expect(rows.flatMap((row) => (row.kind === 'one' ? [row.slots] : row.fold.members))).toEqual(found);
  });
  it('keeps other reasons, failures and waiting runs visible', () => {
    const skips = [9, 8, 7].map((minute) => slots('skipped', minute));
    expect(shape([...skips, slots('skipped', 6, { reason: 'paused' })])).toEqual(['3×skipped', 'skipped']);
    expect(shape([skips[0]!, slots('ran', 8, { status: 'failed' }), skips[1]!, skips[2]!])).toEqual(['skipped', 'ran', 'skipped', 'skipped']);
    expect(shape([skips[0]!, slots('waiting', 8), skips[1]!, skips[2]!])).toEqual(['skipped', 'waiting', 'skipped', 'skipped']);
  });
  it('leaves few ranges, and an empty list, alone', () => {
    expect(shape([slots('skipped', 9), slots('ran', 8), slots('skipped', 7)])).toEqual(['skipped', 'ran', 'skipped']);
    expect(shape([9, 8, 7].map((minute) => slots('skipped', minute, { reason: 'skip' })))).toEqual(['skipped', 'skipped', 'skipped']);
    expect(shape([])).toEqual([]);
  });
});
