/** Do something with each item, so many at once; what fails fails alone, and every outcome is told in order. */
export async function eachBounded<T, R>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<R>,
  onDone?: (done: number) => void,
): Promise<PromiseSettledResult<R>[]> {
  const outcomes: PromiseSettledResult<R>[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at] as T;
      const [outcome] = await Promise.allSettled([(async () => act(item))()]);
      outcomes[at] = outcome;
      done += 1;
      onDone?.(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return outcomes;
}
