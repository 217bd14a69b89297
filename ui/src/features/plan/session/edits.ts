import { ApiError, type Schemas } from '@/lib/api/client';
import type { Plan, PlannedJob } from '../queries';

/** The edits of one job: the API's, without the id of the job. */
export type Edit = Omit<Schemas['JobEditBody'], 'job_id'>;

/** The edits of a plan, by the job ids of that plan. */
export type Edits = Readonly<Record<string, Edit>>;

/** A place in the list of jobs: a job of the plan that was edited, and that job as it is now; null if it is left out. */
export type Row = { id: string; base: PlannedJob; job: PlannedJob | null };

const idOf = (job: PlannedJob) => job.job_spec.job_id;

/** The edits with those of one job set; an edit that says nothing is removed. */
export function withEdit(edits: Edits, jobId: string, edit: Edit): Edits {
  const entries = Object.entries({ ...edits[jobId], ...edit }).filter(([, value]) => value !== undefined && value !== false);
  const next = { ...edits, [jobId]: Object.fromEntries(entries) as Edit };
  if (entries.length === 0) delete next[jobId];
  return next;
}

/** The edits as the API reads them. */
export function editList(edits: Edits): Schemas['JobEditBody'][] {
  return Object.entries(edits).map(([job_id, edit]) => ({ job_id, ...edit }));
}

/**
 * The jobs of the plan before its edits, each with what it has become. A job that is made new has another id then: it
 * is the next one that no other row has.
 */
export function rowsOf(base: Plan, edits: Edits, current: Plan): Row[] {
  const isNew = (job: PlannedJob) => edits[idOf(job)]?.make_new === true;
  const isOut = (job: PlannedJob) => edits[idOf(job)]?.leave_out === true;
  const named = new Set(base.jobs.filter((job) => !isNew(job) && !isOut(job)).map(idOf));
  const others = current.jobs.filter((job) => !named.has(idOf(job)));
  return base.jobs.map((job) => {
    if (isOut(job)) return { id: idOf(job), base: job, job: null };
    const now = isNew(job) ? others.shift() : current.jobs.find((each) => idOf(each) === idOf(job));
    return { id: idOf(job), base: job, job: now ?? null };
  });
}

/** The refusal of an edit with pointers into the spec: those of the API begin at the list of edits. */
export function atSpec({ status, code, title, detail, traceId, fields }: ApiError): ApiError {
  const whole = fields.find((field) => field.pointer === '/edits');
  const own = fields.filter((field) => field !== whole).map((field) => ({ ...field, pointer: field.pointer.replace(/^\/edits\/\d+(?=\/|$)/, '') }));
  return new ApiError(status, code, title, whole?.message ?? detail, traceId, own);
}
