import { expect, it } from 'vitest';
import { mapConcurrently } from './concurrency';

it('limits the number of parallel calls, and returns every outcome in order', async () => {
  let active = 0;
  let most = 0;
  const counts: number[] = [];
  const outcomes = await mapConcurrently(
    [5, 1, 4, 2, 3],
    2,
    async (item) => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setTimeout(resolve, item));
      active -= 1;
      if (item === 4) throw new Error('four');
      return item * 10;
    },
    (done) => counts.push(done),
  );
  expect(most).toBe(2);
  expect(counts).toEqual([1, 2, 3, 4, 5]);
  expect(outcomes.map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason)))).toEqual([50, 10, 'Error: four', 20, 30]);
});

it('has nothing to do with nothing', async () => {
  expect(await mapConcurrently([], 4, () => Promise.reject(new Error('never')))).toEqual([]);
});

it('counts an act that throws at once as a failure of its own', async () => {
  const outcomes = await mapConcurrently([1, 2], 1, (item) => {
    if (item === 1) throw new Error('at once');
    return Promise.resolve(item);
  });
  expect(outcomes.map((each) => each.status)).toEqual(['rejected', 'fulfilled']);
});
