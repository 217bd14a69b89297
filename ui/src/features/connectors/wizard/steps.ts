/** The steps of setting an account up, in their order. */
export const STEPS = ['channel', 'account', 'check', 'chat', 'message', 'notify', 'done'] as const;
export type Step = (typeof STEPS)[number];

/** The first step: a known channel needs no choice. */
export function firstStep(channel: string | null): Step {
  return channel === null ? 'channel' : 'account';
}

/** Whether a step can be opened: the first two always, the others once there is an account. */
export function isOpen(step: Step, channel: string | null, isSaved: boolean): boolean {
  if (step === 'channel') return true;
  return step === 'account' ? channel !== null : isSaved;
}

export function stepAfter(step: Step): Step {
  return STEPS[Math.min(STEPS.indexOf(step) + 1, STEPS.length - 1)] ?? 'done';
}

export function stepBefore(step: Step): Step {
  return STEPS[Math.max(STEPS.indexOf(step) - 1, 0)] ?? 'channel';
}
