import { expect, test } from 'vitest';
import { changeSummary } from './change-summary';

test('only counts above zero are listed, one job in the singular', () => {
  expect(changeSummary({ create: 2, update: 1, unchanged: 0 }, 'en')).toBe('Create 2 jobs, change 1 job');
  expect(changeSummary({ create: 0, update: 0, unchanged: 1 }, 'en')).toBe('Leave 1 as it is');
});

test('the counts are available in Indonesian', () => {
  expect(changeSummary({ create: 1, update: 0, unchanged: 3 }, 'id')).toBe('Buat 1 job, 3 job tetap');
});
