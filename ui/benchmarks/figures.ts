/** The middle of some figures. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of the figures lies: the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** One line of a table: what was measured, what was asked, and what was seen. */
export function tell(figure: string, asked: string, seen: string): void {
  console.log(`| ${figure} | ${asked} | ${seen} |`);
}
