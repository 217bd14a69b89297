import type { Schemas } from '@/lib/api/client';
import type { Job } from '@/lib/api/queries';

/** What the palette does with a job. */
export type Act = 'run' | 'pause' | 'resume' | 'enable' | 'disable';

// In both languages: people type the word that they know.
const WORDS: Record<Act, readonly string[]> = {
  run: ['run', 'start', 'jalankan'],
  pause: ['pause', 'jeda'],
  resume: ['resume', 'lanjutkan'],
  enable: ['enable', 'aktifkan', 'nyalakan'],
  disable: ['disable', 'nonaktifkan', 'matikan'],
};
const MAX_SUBJECTS = 5;

/** The act that a text begins with, and the rest: "pause shop" is `pause` and `shop`. */
export function splitAct(text: string): { act: Act | null; rest: string } {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  const act = (Object.keys(WORDS) as Act[]).find((each) => WORDS[each].includes(first.toLowerCase())) ?? null;
  return { act, rest: act === null ? text.trim() : rest.join(' ') };
}

/** What can be done with a job in its present state. */
export function actsOn(job: Pick<Job, 'job_id' | 'enabled'>, paused: readonly Pick<Schemas['PausedScope'], 'scope' | 'name'>[]): Act[] {
  const isPaused = paused.some((each) => each.scope === 'job' && each.name === job.job_id);
  return ['run', isPaused ? 'resume' : 'pause', job.enabled ? 'disable' : 'enable'];
}

/**
 * The acts that the palette offers, with their jobs: with a word for an act, that act on the jobs found; with a name,
 * everything on the first job found; without a text, everything on the job of the page.
 */
export function offeredActs(
  text: string,
  found: readonly Job[],
  ofPage: Job | undefined,
  paused: readonly Schemas['PausedScope'][],
): { act: Act; job: Job }[] {
  const { act } = splitAct(text);
  const subjects = act !== null ? found.slice(0, MAX_SUBJECTS) : text === '' ? (ofPage ? [ofPage] : []) : found.slice(0, 1);
  return subjects.flatMap((job) => actsOn(job, paused).filter((each) => act === null || each === act).map((each) => ({ act: each, job })));
}
