/** Do something with each item, so many at once; what fails fails alone, and every outcome is reported in order. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  run: (item: T) => Promise<R>,
  onDone?: (done: number) => void,
): Promise<PromiseSettledResult<R>[]> {
  const outcomes: PromiseSettledResult<R>[] = [];
  let next = 0;
  let done = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at] as T;
      const [outcome] = await Promise.allSettled([(async () => run(item))()]);
      outcomes[at] = outcome;
      done += 1;
      onDone?.(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return outcomes;
}
