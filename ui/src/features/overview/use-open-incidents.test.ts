import { describe, expect, it } from 'vitest';
import type { Incident } from '@/lib/api/queries';
import { mergeIncidents } from './use-open-incidents';

const incident = (id: string, severity: Incident['severity'] = 'warning', cause = '') => ({ id, severity, cause }) as Incident;
const ids = (rows: readonly Incident[]) => rows.map((row) => row.id);
const EMPTY = { read: undefined, rows: [] };

describe('mergeIncidents', () => {
  it('begins with the most severe', () => {
    expect(ids(mergeIncidents(EMPTY, [incident('a'), incident('b', 'critical'), incident('c')]).rows)).toEqual(['b', 'a', 'c']);
  });
  it('keeps the places of known rows, even closed ones, and puts new ones last', () => {
    const before = mergeIncidents(EMPTY, [incident('a'), incident('b')]);
    const after = mergeIncidents(before, [incident('new', 'critical'), incident('b', 'warning', 'another')]);
    expect(ids(after.rows)).toEqual(['a', 'b', 'new']);
    expect(after.rows[1]?.cause).toBe('another');
  });
});
