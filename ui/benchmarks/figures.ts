/** The middle of some figures. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The nearest-rank quantile of some figures. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** A line of the table: name, limit, measured value. */
export function tell(figure: string, asked: string, seen: string): void {
  console.log(`| ${figure} | ${asked} | ${seen} |`);
}
