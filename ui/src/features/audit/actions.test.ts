import { expect, test } from 'vitest';
import { OPERATIONS } from '@/generated/operations';
import { actionTranslations, targetHref } from './actions';
import openapi from '../../../../docs/openapi.json';

test('a job and a run of the audit lead to their pages', () => {
  expect(targetHref('job:monitor-toko.example')).toBe('/jobs/monitor-toko.example');
  expect(targetHref('run:a@2026-01-01T00:00:00Z')).toBe('/runs/a%402026-01-01T00%3A00%3A00Z');
});

test('a target without a page of its own leads nowhere', () => {
  expect(targetHref('/planner/execute')).toBeNull();
  expect(targetHref('all')).toBeNull();
  expect(targetHref('job:')).toBeNull();
});

// Starting runs, reading data, and the pings of outside programs are not audited.
const SUBMISSIONS = new Set([
  ...['list_chats', 'run_job', 'run_batch', 'rerun', 'plan_prompt', 'plan_prompt_ai', 'preview_schedule', 'check_job'],
  ...['ping_with_output', 'ping_event_with_output'],
]);

test('every write that the dashboard may forward has words', () => {
  const paths: Record<string, Record<string, { operationId?: string }>> = openapi.paths;
  const missing = OPERATIONS.filter(([method]) => method !== 'GET')
    .map(([method, path]) => paths[path]?.[method.toLowerCase()]?.operationId ?? path)
    .filter((name) => !SUBMISSIONS.has(name) && !(name in actionTranslations.en));
  expect(missing).toEqual([]);
});
