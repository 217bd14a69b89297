import type { Change, Note, Plan, PlannedJob } from './queries';

export const PROMPT = 'laporan tiap hari jam 7, backup jam 2';

/** A planned job of a plan in tests. */
export function plannedJob(id: string, change: Change = 'create', more: Partial<PlannedJob> & { spec?: object } = {}): PlannedJob {
  const { spec, ...rest } = more;
  return {
    reason: 'because',
    assumptions: [],
    warnings: [],
    notes: [],
    certainty: 'certain',
    check: [],
    confidence: 1,
    change,
    diff: [],
    next_runs: [],
    until: null,
    job_spec: { job_id: id, type: 'report.daily', description: '', schedule: { cron: '0 7 * * *', timezone: 'Asia/Jakarta' }, inputs: {}, enabled: true, ...spec },
    ...rest,
  } as unknown as PlannedJob;
}

/** A note of a plan in tests. */
export function note(kind: Note['kind'], text: string, more: Partial<Note> = {}): Note {
  return { kind, text, span: null, job: null, choices: [], actions: [], ...more };
}

/** A plan in tests. */
export function planOf(id: string, jobs: PlannedJob[], notes: Note[] = []): Plan {
  return {
    prompt: PROMPT,
    normalized_prompt: PROMPT,
    summary: `summary of ${id}`,
    planner_source: 'rule_based',
    language: 'id',
    assumptions: [],
    warnings: [],
    notes,
    explain: [
      { start: 0, end: 7, role: 'intent', field: 'job', job: 'report-daily' },
      { start: 8, end: 23, role: 'time', field: 'schedule', job: 'report-daily' },
    ],
    jobs,
    plan_id: id,
  } as unknown as Plan;
}
