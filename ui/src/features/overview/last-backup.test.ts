import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { ApiClient } from '@/lib/api/queries';
import { lastBackup } from './queries';

/** A client whose jobs have had runs, of which the newest success was created in this second; null if none was. */
function clientOf(successes: Record<string, number | null>) {
  const asked: string[] = [];
  const jobs = Object.keys(successes).map((job_id) => ({ job_id, recent: [{ run_id: 'R', status: 'failed' }] }));
  const runsOf = (job_id: string) => {
    const second = successes[job_id];
    return second === null ? [] : [{ run_id: 'R', job_id, created_at: `2026-01-01T00:00:0${second}Z`, ended_at: null }];
  };
  const GET = (path: string, options: { params: { path?: { job_id: string } } }) => {
    asked.push(path);
    const data = path === '/jobs' ? [...jobs, { job_id: 'new', recent: [] }] : runsOf(options.params.path!.job_id);
    return Promise.resolve({ data, response: new Response() });
  };
  return { client: { GET } as unknown as ApiClient, asked };
}

const read = (client: ApiClient) => new QueryClient().fetchQuery(lastBackup(client));

describe('lastBackup', () => {
  it('is the newest success among the jobs, however many runs have failed since', async () => {
    const { client, asked } = clientOf({ nightly: 3, cadangan: 4, never: null });
    expect(await read(client)).toMatchObject({ run_id: 'R', job_id: 'cadangan' });
    expect(asked).toEqual(['/jobs', '/jobs/{job_id}/runs', '/jobs/{job_id}/runs', '/jobs/{job_id}/runs']);
  });

  it('is null if no backup has succeeded', async () => {
    expect(await read(clientOf({ nightly: null }).client)).toBeNull();
  });
});
