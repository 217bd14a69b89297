import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { ApiClient } from '@/lib/api/queries';
import { lastBackup } from './queries';

type Brief = { run_id: string; status: string };

/** A client whose jobs have these newest runs; a run was created at the time that its id names. */
function clientOf(jobs: Brief[][]) {
  const asked: string[] = [];
  const answer = (path: string, run_id?: string) =>
    path === '/jobs'
      ? jobs.map((recent) => ({ recent }))
      : { run_id, job_id: 'cadangan', created_at: `2026-01-01T00:00:0${run_id}Z`, ended_at: null };
  const GET = (path: string, options: { params: { path?: { run_id: string } } }) => {
    asked.push(path);
    return Promise.resolve({ data: answer(path, options.params.path?.run_id), response: new Response() });
  };
  return { client: { GET } as unknown as ApiClient, asked };
}

const read = (client: ApiClient) => new QueryClient().fetchQuery(lastBackup(client));

describe('lastBackup', () => {
  it('is the newest success among the jobs', async () => {
    const { client, asked } = clientOf([
      [
        { run_id: '5', status: 'failed' },
        { run_id: '3', status: 'success' },
      ],
      [{ run_id: '4', status: 'success' }],
    ]);
    expect(await read(client)).toMatchObject({ run_id: '4', job_id: 'cadangan' });
    expect(asked.filter((path) => path === '/runs')).toEqual([]);
  });

  it('is null if no backup has succeeded', async () => {
    expect(await read(clientOf([[{ run_id: '5', status: 'failed' }], []]).client)).toBeNull();
  });
});
