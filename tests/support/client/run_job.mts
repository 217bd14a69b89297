// A program with the types of docs/openapi.json: it creates a job, runs it, waits for its end and prints the run.
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

const client = createClient<paths>({
  baseUrl: process.env['MULTI_JOB_URL'] ?? '',
  headers: { Authorization: `Bearer ${process.env['MULTI_JOB_API_KEY']}` },
});

function refused(problem: components['schemas']['Problem']): never {
  throw new Error(`${problem.code}: ${problem.detail}`);
}

const created = await client.POST('/jobs', {
  body: { job_id: 'typescript', type: 'test.echo', inputs: { word: 'halo' } },
});
if (created.error) refused(created.error);

const accepted = await client.POST('/jobs/{job_id}/run', {
  params: { path: { job_id: created.data.job_id } },
  body: { inputs: { word: 'apa kabar' } },
});
if (accepted.error) refused(accepted.error);

for (;;) {
  const read = await client.GET('/runs/{run_id}', { params: { path: { run_id: accepted.data.run_id } } });
  if (read.error) refused(read.error);
  if (read.data.result !== null) {
    console.log(JSON.stringify({ status: read.data.status, output: read.data.result.output }));
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}
