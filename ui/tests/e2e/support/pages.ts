import type { Stack } from './stack';

/** Every page of the dashboard; `{job}`, `{run}`, `{incident}` and `{monitor}` are replaced by the ids that `fill` creates. */
export const PAGES = [
  '/',
  '/incidents',
  '/incidents?tab=closed',
  '/incidents/{incident}',
  '/monitors',
  '/monitors/{monitor}',
  '/plan',
  '/jobs',
  '/jobs/new',
  '/jobs/{job}',
  '/jobs/{job}?tab=schedule',
  '/jobs/{job}?tab=spec',
  '/jobs/{job}?tab=events',
  '/jobs/{job}/edit',
  '/runs',
  '/runs/{run}',
  '/runs/{run}?tab=logs',
  '/runs/{run}?tab=io',
  '/runs/{run}?tab=events',
  '/dead-letters',
  '/calendar',
  '/workers',
  '/connectors',
  '/contacts',
  '/messages',
  '/messages?tab=sandbox',
  '/reports',
  '/job-types',
  '/audit',
  '/settings',
] as const;

/** Pages that show something of a platform on which nothing was ever made. */
export const EMPTY_PAGES = PAGES.filter((path) => !path.includes('{'));

export type Filled = { job: string; run: string; incident: string; monitor: string };

export function pathOf(page: string, filled: Filled): string {
  return (Object.keys(filled) as (keyof Filled)[]).reduce((path, name) => path.replace(`{${name}}`, encodeURIComponent(filled[name])), page);
}

/** Create data for every page: jobs that succeed, fail and wait, a report, an export, messages, a key. */
export async function fill(stack: Stack): Promise<Filled> {
  const post = (path: string, body?: unknown) => stack.api('POST', path, body);
  const load = 'simulation.load';
  await post('/jobs', { job_id: 'sync-stok', type: load, schedule: { interval_sec: 3_600 }, inputs: { duration_ms: 30 }, tags: ['toko'] });
  await post('/jobs', {
    job_id: 'selalu-gagal',
    type: load,
    schedule: { cron: '0 7 * * *', timezone: 'Asia/Jakarta' },
    inputs: { duration_ms: 5, fail_rate: 1 },
    retry_policy: { max_retry: 1, backoff_sec: [0.1] },
  });
  await post('/jobs', { job_id: 'cerita', type: 'e2e.talk', inputs: { lines: 40 }, description: 'Menulis log' });
  await post('/jobs', { job_id: 'laporan', type: 'report.daily', schedule: { cron: '0 8 * * *' } });
  await post('/jobs', { job_id: 'cadangan', type: 'backup.export' });
  await post('/jobs', { job_id: 'monitor-bot', type: 'monitor.channel', schedule: { interval_sec: 3_600 }, inputs: { channel: 'telegram', account_id: 'bot_a01' } });
  await stack.api('PUT', '/connectors/sandbox/accounts/toko', { default_to: 'pelanggan' });
  await stack.api('PUT', '/contacts/Bu%20Siti', { channel: 'whatsapp', to: '081234567890' });
  const started = async (job: string) => (await post(`/jobs/${job}/run`)).run_id as string;
  const runs = await Promise.all(['cerita', 'sync-stok', 'laporan', 'cadangan', 'monitor-bot'].map(started));
  const failed = await started('selalu-gagal');
  for (const run of runs) await stack.untilRun(run, 'success');
  await stack.untilRun(failed, 'failed');
  const [incident] = await stack.api<{ id: string }[]>('GET', '/incidents?state=open');
  return { job: 'sync-stok', run: runs[0]!, incident: incident!.id, monitor: 'monitor-bot' };
}
