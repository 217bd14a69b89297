/** The slot that the id of a scheduled run ends with; null for a run that was made otherwise. */
export function slotOf(runId: string): string | null {
  const ms = /@(\d{12,14})$/.exec(runId)?.[1];
  return ms === undefined ? null : new Date(Number(ms)).toISOString();
}
