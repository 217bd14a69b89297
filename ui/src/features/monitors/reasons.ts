/** Reasons of a state that are not the result of a check; those of checks are in their runs. */
const NAMED_REASONS = ['not_watched', 'stopped', 'paused', 'disabled'] as const;
export type NamedReason = (typeof NAMED_REASONS)[number];

export function isNamed(reason: string): reason is NamedReason {
  return NAMED_REASONS.some((each) => each === reason);
}
