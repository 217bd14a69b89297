import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import createClient from 'openapi-fetch';
import { NuqsTestingAdapter } from 'nuqs/adapters/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { paths } from '@/generated/schema';
import type { Schemas } from '@/lib/api/client';
import { LanguageProvider } from '@/lib/i18n';
import { requestNavigation } from '@/lib/navigation-guard';
import type { Job } from '@/lib/api/queries';
import { SessionProvider, type Session } from '@/lib/session';
import { EditJobPage } from './edit-job-page';
import { NewJobPage } from './new-job-page';

const push = vi.hoisted(() => vi.fn());
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }), usePathname: () => '/jobs/new' }));

// The real client, with an address that Node.js can resolve and the `fetch` of each test.
vi.mock('@/lib/api/client', async (original) => {
  const real = await original<typeof import('@/lib/api/client')>();
  const fetch = (request: Request) => globalThis.fetch(request);
  return { ...real, api: createClient<paths>({ baseUrl: 'http://local/api', headers: real.WRITE_HEADERS, fetch }) };
});

const TYPE = {
  type: 'monitor.http',
  description: '',
  runs_in: 'loop',
  tools: [],
  phrases: null,
  defaults: {
    timeout_ms: 30_000,
    retry_policy: { max_retry: 3, backoff_sec: { base: 1, factor: 2, max: 300 }, jitter: 0, non_retryable: [] },
  },
  inputs: {
    type: 'object',
    required: ['url'],
    properties: { url: { type: 'string', title: 'Url' }, fail_after: { type: 'integer', default: 3, title: 'Fail After' } },
  },
} satisfies Schemas['JobTypeBody'];

const JOB = {
  job_id: 'web',
  type: 'monitor.http',
  description: 'old',
  enabled: true,
  schedule: null,
  inputs: { url: 'https://example.org' },
  timeout_ms: 30_000,
  retry_policy: TYPE.defaults.retry_policy,
  tags: [],
  priority: 'normal',
  concurrency: null,
  overlap: 'skip',
  misfire: 'run_once',
  misfire_grace_sec: 10,
  jitter_sec: 0,
  on_success: [],
  on_failure: [],
  failure_cooldown_sec: 0,
  version: 4,
} as unknown as Job;

const SESSION: Session = { name: 'a', role: 'operator', keyless: false, timezone: 'Asia/Jakarta', version: '1', namespace: 'mj' };

let sent: { method: string; path: string; headers: Headers; body: unknown }[];
let answers: Record<string, { status: number; body: unknown }>;

beforeEach(() => {
  sent = [];
  push.mockReset();
  // jsdom has no layout and cannot scroll.
  Element.prototype.scrollIntoView = vi.fn();
  answers = {
    'GET /job-types': { status: 200, body: [TYPE] },
    'GET /connectors': { status: 200, body: [] },
    'GET /jobs': { status: 200, body: [] },
    'GET /jobs/web': { status: 200, body: JOB },
  };
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname.replace(/^\/api/, '');
    const text = await request.text();
    sent.push({ method: request.method, path, headers: request.headers, body: text === '' ? null : JSON.parse(text) });
    const answer = answers[`${request.method} ${path}`] ?? { status: 404, body: {} };
    return Response.json(answer.body, { status: answer.status });
  });
});

function draw(page: 'new' | 'edit', { role = 'operator' as Session['role'], view = '' } = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <NuqsTestingAdapter searchParams={view} hasMemory>
      <LanguageProvider initial="en">
        <SessionProvider session={{ ...SESSION, role }}>
          <QueryClientProvider client={client}>
            {page === 'new' ? <NewJobPage type="monitor.http" /> : <EditJobPage jobId="web" />}
          </QueryClientProvider>
        </SessionProvider>
      </LanguageProvider>
    </NuqsTestingAdapter>,
  );
  return client;
}

const written = (method: string) => sent.filter((each) => each.method === method && /^.jobs/.test(each.path));

describe('a new job', () => {
  it('sends exactly the filled fields, once', async () => {
    answers['POST /jobs'] = { status: 201, body: { job_id: 'shop', version: 1 } };
    draw('new');
    await userEvent.type(await screen.findByLabelText(/^Job ID/), 'shop');
    await userEvent.type(screen.getByLabelText(/^URL/), 'https://shop.example');
    await userEvent.click(screen.getByRole('button', { name: 'Create job' }));
    await waitFor(() => expect(push).toHaveBeenCalledWith('/jobs/shop'));
    expect(written('POST').map((each) => each.body)).toEqual([
      { job_id: 'shop', type: 'monitor.http', inputs: { url: 'https://shop.example' } },
    ]);
    expect(written('POST')[0]?.headers.get('idempotency-key')).toBeTruthy();
  });

  it('shows each refusal at its field, goes to the first, and forgets it once the field changes', async () => {
    const errors = [
      { pointer: '/inputs/url', message: 'required', code: 'required' },
      { pointer: '/on_success/0', message: "job 'x' does not exist", code: 'unknown_job' },
      { pointer: '/colour', message: "unknown field 'colour'", code: 'unknown_field' },
    ];
    answers['POST /jobs'] = { status: 422, body: { code: 'invalid_spec', title: 'Invalid', detail: '', errors } };
    draw('new');
    await userEvent.click(await screen.findByRole('button', { name: 'Create job' }));
    const url = screen.getByLabelText(/^URL/);
    await waitFor(() => expect(document.activeElement).toBe(url));
    expect(url.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText("0: job 'x' does not exist")).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toContain("unknown field 'colour'");
    await userEvent.type(url, 'h');
    expect(url.getAttribute('aria-invalid')).toBeNull();
    expect(screen.getByText('2 fields need correction')).toBeTruthy();
  });

  it('shows at the id field that the job exists', async () => {
    answers['POST /jobs'] = { status: 409, body: { code: 'job_exists', title: 'Job exists already', detail: '' } };
    draw('new');
    await userEvent.type(await screen.findByLabelText(/^Job ID/), 'web');
    await userEvent.click(screen.getByRole('button', { name: 'Create job' }));
    expect(await screen.findByText('A job with this ID exists')).toBeTruthy();
  });

  it('is hidden from a viewer', async () => {
    draw('new', { role: 'viewer' });
    expect(await screen.findByText('Changing jobs needs the role operator')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Create job' })).toBeNull();
  });
});

describe('the same spec as JSON', () => {
  it('keeps edits both ways', async () => {
    draw('new');
    await userEvent.type(await screen.findByLabelText(/^Job ID/), 'shop');
    await userEvent.click(screen.getByRole('radio', { name: 'JSON' }));
    const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'The spec of the job as JSON' });
    expect(JSON.parse(box.value)).toEqual({ type: 'monitor.http', inputs: {}, job_id: 'shop' });
    await userEvent.clear(box);
    await userEvent.click(box);
    await userEvent.paste('{"job_id": "shop", "type": "monitor.http", "inputs": {"fail_after": 5}}');
    await userEvent.click(screen.getByRole('radio', { name: 'Form' }));
    expect(screen.getByLabelText('Alarm after')).toHaveProperty('value', '5');
  });

  it('can not be left for the form while it has a fault', async () => {
    draw('new');
    await userEvent.click(await screen.findByRole('radio', { name: 'JSON' }));
    const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'The spec of the job as JSON' });
    for (const text of ['{"job_id": "shop"', '[1]']) {
      await userEvent.clear(box);
      await userEvent.click(box);
      await userEvent.paste(text);
      await userEvent.click(screen.getByRole('radio', { name: 'Form' }));
      expect(box.value).toBe(text);
      expect(screen.getByText('The JSON has an error: correct it to use the form.')).toBeTruthy();
      expect(screen.getByRole('button', { name: 'Create job' })).toHaveProperty('disabled', true);
    }
    expect(screen.getByText('A spec is a JSON object, in braces.')).toBeTruthy();
  });
});

describe('a job under edit', () => {
  const edit = async () => {
    const box = await screen.findByLabelText('Description');
    await userEvent.clear(box);
    await userEvent.type(box, 'mine');
  };

  it('is saved over the version that it was read at', async () => {
    answers['PUT /jobs/web'] = { status: 200, body: { job_id: 'web', version: 5 } };
    draw('edit');
    await edit();
    await userEvent.click(screen.getByRole('button', { name: 'Save version' }));
    await waitFor(() => expect(push).toHaveBeenCalledWith('/jobs/web'));
    expect(written('PUT')[0]?.headers.get('if-match')).toBe('"v4"');
    expect(written('PUT')[0]?.body).toMatchObject({ job_id: 'web', description: 'mine' });
  });

  it('is not saved over a newer version; shows the differences before it overwrites it', async () => {
    answers['PUT /jobs/web'] = { status: 412, body: { code: 'precondition_failed', title: 'Changed', detail: '' } };
    draw('edit');
    await edit();
    answers['GET /jobs/web'] = { status: 200, body: { ...JOB, description: 'theirs', version: 5 } };
    await userEvent.click(screen.getByRole('button', { name: 'Save version' }));
    const conflict = await screen.findByRole('alert');
    expect(conflict.textContent).toContain('You edited version 4; the job now has version 5.');
    await userEvent.click(within(conflict).getByRole('button', { name: 'Differences' }));
    expect(within(conflict).getByText('theirs')).toBeTruthy();
    answers['PUT /jobs/web'] = { status: 200, body: { job_id: 'web', version: 6 } };
    await userEvent.click(within(conflict).getByRole('button', { name: 'Save mine over theirs' }));
    await waitFor(() => expect(push).toHaveBeenCalledWith('/jobs/web'));
    expect(written('PUT')[1]?.headers.get('if-match')).toBe('"v5"');
  });

  it('loads the newer version on request', async () => {
    const client = draw('edit');
    await edit();
    client.setQueryData(['job', 'web'], { ...JOB, description: 'theirs', version: 5 });
    await userEvent.click(await screen.findByRole('button', { name: 'Load theirs, discard mine' }));
    expect(screen.getByLabelText('Description')).toHaveProperty('value', 'theirs');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('follows an external enable or disable, which creates no version', async () => {
    const client = draw('edit');
    await edit();
    client.setQueryData(['job', 'web'], { ...JOB, enabled: false });
    await waitFor(() => expect(screen.getByRole('switch', { name: 'Enabled' })).toHaveProperty('checked', false));
    expect(screen.getByLabelText('Description')).toHaveProperty('value', 'mine');
  });

  it('asks before unsaved edits are lost, and continues on confirmation', async () => {
    draw('edit');
    const go = vi.fn();
    await screen.findByLabelText('Description');
    requestNavigation(go);
    expect(go).toHaveBeenCalledTimes(1);
    await edit();
    requestNavigation(go);
    expect(go).toHaveBeenCalledTimes(1);
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }));
    expect(go).toHaveBeenCalledTimes(2);
  });
});
