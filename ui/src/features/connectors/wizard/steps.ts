/** The steps of setting an account up, in their order. */
export const STEPS = ['channel', 'account', 'check', 'chat', 'message', 'notify', 'done'] as const;
export type Step = (typeof STEPS)[number];

/** The steps of a channel. One whose accounts lead to one place asks for no recipient. */
export function stepsOf(channel: { sole_recipient: boolean } | undefined): readonly Step[] {
  return channel?.sole_recipient ? STEPS.filter((step) => step !== 'chat') : STEPS;
}

/** The first step: a known channel needs no choice. */
export function firstStep(channel: string | null): Step {
  return channel === null ? 'channel' : 'account';
}

/** Whether a step can be opened: the first two always, the others once there is an account. */
export function isOpen(step: Step, channel: string | null, isSaved: boolean): boolean {
  if (step === 'channel') return true;
  return step === 'account' ? channel !== null : isSaved;
}

export function stepAfter(step: Step, steps = STEPS as readonly Step[]): Step {
  return steps[Math.min(steps.indexOf(step) + 1, steps.length - 1)] ?? 'done';
}

export function stepBefore(step: Step, steps = STEPS as readonly Step[]): Step {
  return steps[Math.max(steps.indexOf(step) - 1, 0)] ?? 'channel';
}
