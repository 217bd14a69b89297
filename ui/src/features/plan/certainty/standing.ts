import { questionsOf } from '../notes/note-kinds';
import type { Note, PlannedJob } from '../queries';
import type { Edit } from '../session/edits';
import type { CheckField } from './field-names';

/**
 * How a job stands before its plan is applied: certain, with fields that a person should look at, with questions that
 * must be answered, or with a doubt that a person must settle. `agreed`: a person has settled it.
 */
export type Standing =
  | { kind: 'certain' | 'doubt' | 'agreed' }
  | { kind: 'check'; fields: readonly CheckField[] }
  /** The questions about this job; none if the one about the sentence must be answered. */
  | { kind: 'question'; questions: readonly Note[] };

/** The jobs of a plan whose doubts a person has settled, as texts of exactly these jobs. */
export type Agreed = ReadonlySet<string>;

/** A job as a text: another schedule, another recipient or another change is another text. */
export function agreementTo({ change, job_spec: spec, until }: PlannedJob): string {
  return JSON.stringify([change, spec, until]);
}

export function standingOf(job: PlannedJob, notes: readonly Note[], edit: Edit | undefined, agreed: Agreed): Standing {
  const own = notes.filter((note) => note.job === job.job_spec.job_id);
  const questions = questionsOf(own);
  if (questions.length > 0) return { kind: 'question', questions };
  if (job.certainty === 'certain') return { kind: 'certain' };
  if (job.certainty === 'check') return checked(job.check.filter((field) => !isEdited(field, edit)));
  // A question about the sentence decides about the job as well.
  if (questionsOf(notes).some((note) => note.job === null)) return { kind: 'question', questions: [] };
  return { kind: agreed.has(agreementTo(job)) ? 'agreed' : 'doubt' };
}

function checked(fields: readonly CheckField[]): Standing {
  return fields.length > 0 ? { kind: 'check', fields } : { kind: 'certain' };
}

const RECIPIENT: ReadonlySet<CheckField> = new Set(['channel', 'account_id', 'to']);

/** Whether the person has set this field: what a person has set needs no second look. */
function isEdited(field: CheckField, edit: Edit | undefined): boolean {
  if (edit === undefined) return false;
  if (field === 'schedule') return 'schedule' in edit;
  const inputs = edit.inputs ?? {};
  return field in inputs || ('notify' in inputs && RECIPIENT.has(field));
}
