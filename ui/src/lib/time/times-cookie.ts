/** How lists show times; exact ones are reachable on hover and focus in both. */
export type Times = 'relative' | 'exact';

export const TIMES_COOKIE = 'mj_times';
