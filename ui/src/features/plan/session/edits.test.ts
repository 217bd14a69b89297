import { expect, test } from 'vitest';
import { ApiError } from '@/lib/api/client';
import type { Plan } from '../queries';
import { atSpec, editList, rowsOf, withEdit } from './edits';

const plan = (...ids: string[]) =>
  ({ jobs: ids.map((id) => ({ change: 'create', job_spec: { job_id: id, type: id.split('-')[0] } })) }) as unknown as Plan;

test('edits of one job are kept together, and one that says nothing is removed', () => {
  const renamed = withEdit({}, 'a', { description: 'Shop' });
  const both = withEdit(renamed, 'a', { leave_out: true });
  expect(editList(both)).toEqual([{ job_id: 'a', description: 'Shop', leave_out: true }]);
  expect(withEdit(both, 'a', { leave_out: false })).toEqual(renamed);
  expect(withEdit({ b: { make_new: true } }, 'b', { make_new: undefined })).toEqual({});
});

test('a schedule that is removed is an edit too', () => {
  expect(editList(withEdit({}, 'a', { schedule: null }))).toEqual([{ job_id: 'a', schedule: null }]);
});

test('a job that is left out keeps its place, and one that is made new is found although its id is another', () => {
  const edits = { 'backup-all': { leave_out: true }, 'report-weekly': { make_new: true } };
  const rows = rowsOf(plan('report-daily', 'backup-all', 'report-weekly'), edits, plan('report-daily', 'report-weekly-2'));
  expect(rows.map((row) => [row.id, row.job?.job_spec.job_id ?? null])).toEqual([
    ['report-daily', 'report-daily'],
    ['backup-all', null],
    ['report-weekly', 'report-weekly-2'],
  ]);
});

test('the order of the edited plan makes no difference', () => {
  const rows = rowsOf(plan('stop-a', 'report-b', 'backup-c'), { 'report-b': { description: 'B' } }, plan('report-b', 'backup-c', 'stop-a'));
  expect(rows.map((row) => row.job?.job_spec.job_id)).toEqual(['stop-a', 'report-b', 'backup-c']);
});

test('a refusal points into the spec, and one of the whole edit is its text', () => {
  const field = (pointer: string, message: string) => ({ pointer, message, code: 'x' });
  const refused = atSpec(new ApiError(422, 'invalid_input', 'Invalid', '/edits: no such hour', 't', [field('/edits/0/description', 'too long'), field('/edits', 'no such hour')]));
  expect(refused.fields.map((each) => each.pointer)).toEqual(['/description']);
  expect(refused.detail).toBe('no such hour');
});
