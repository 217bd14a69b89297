import { expect, test } from 'vitest';
import { changeSummary } from './change-summary';
import { countChanges, countStarting, startersOf, type Change, type PlannedJob } from './queries';

const job = (change: Change, schedule: object | null = { interval_sec: 60 }) =>
  ({ change, job_spec: { job_id: change, type: 'report.daily', schedule } }) as PlannedJob;

test('only counts above zero are listed, one job in the singular', () => {
  expect(changeSummary(countChanges([job('create'), job('create'), job('update')]), 'en')).toBe('Create 2 jobs, change 1 job');
  expect(changeSummary(countChanges([job('unchanged')]), 'en')).toBe('Leave 1 as it is');
});

test('the counts are available in Indonesian', () => {
  expect(changeSummary(countChanges([job('create'), job('unchanged'), job('unchanged'), job('unchanged')]), 'id')).toBe('Buat 1 job, 3 job tetap');
});

test('each action on a stored job is counted, the deletion last', () => {
  const jobs = (['delete', 'disable', 'pause', 'resume', 'run'] as const).map((change) => job(change));
  expect(changeSummary(countChanges(jobs), 'en')).toBe('Resume 1 job, run 1 job now, pause 1 job, disable 1 job, delete 1 job');
  expect(changeSummary(countChanges(jobs), 'id')).toBe('Lanjutkan 1 job, jalankan 1 job sekarang, jeda 1 job, nonaktifkan 1 job, hapus 1 job');
});

test('a job to run, one without a schedule, and all saved ones on request start at once', () => {
  const jobs = [job('run'), job('create', null), job('update'), job('delete'), job('pause', null)];
  expect(countStarting(jobs, false)).toBe(2);
  expect(countStarting(jobs, true)).toBe(3);
});

test('a job that another one starts waits for it', () => {
  const first = { change: 'create', job_spec: { job_id: 'backup', type: 'backup.export', on_failure: ['notice'] } } as PlannedJob;
  const second = { change: 'create', job_spec: { job_id: 'notice', type: 'message.send', schedule: null } } as PlannedJob;
  expect(startersOf([first, second], 'notice')).toEqual([{ jobId: 'backup', onFailure: true }]);
  expect(countStarting([second], false)).toBe(1);
  expect(countStarting([{ ...first, job_spec: { ...first.job_spec, schedule: { interval_sec: 60 } } }, second], false)).toBe(0);
});
