// @vitest-environment node
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from './upstream';

// Long enough for a call to reach the server on a busy machine.
const TIMEOUT_MS = 1_000;

let server: Server;
let url: string;
let answers: ServerResponse[];
let closed: number;

beforeEach(async () => {
  answers = [];
  closed = 0;
  server = createServer((asked, answer) => {
    answers.push(answer);
    answer.on('close', () => (closed += 1));
    if (asked.url !== '/stream') return;
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.write('first');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a call of the API', () => {
  it('that gets no answer in time becomes 504 api_timeout, and its connection is closed', async () => {
    const answer = await callApi(url, { method: 'GET' }, TIMEOUT_MS, 'id');
    expect(answers).toHaveLength(1);
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ code: 'api_timeout', status: 504, detail: 'Tidak ada jawaban dalam 1 detik.' });
    await until(() => closed === 1);
  });

  it('warns that a write may have been done', async () => {
    const answer = await callApi(url, { method: 'POST', body: '{}' }, TIMEOUT_MS, 'en');
    expect(((await answer.json()) as { detail: string }).detail).toContain('it may have been done');
  });

  it('is not cut off once its head has come: a stream goes on', async () => {
    const answer = await callApi(`${url}/stream`, {}, TIMEOUT_MS, 'en');
    const reader = answer.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
    await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS * 2));
    answers[0]!.write('second');
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('second');
    await reader.cancel();
  });

  it('ends when its caller leaves, before and after the head', async () => {
    const caller = new AbortController();
    const waiting = callApi(url, { signal: caller.signal }, 60_000, 'en');
    await until(() => answers.length === 1);
    caller.abort();
    expect((await waiting).status).toBe(502);
    await until(() => closed === 1);
    const reader = new AbortController();
    const stream = await callApi(`${url}/stream`, { signal: reader.signal }, 60_000, 'en');
    reader.abort();
    await expect(stream.text()).rejects.toThrow();
    await until(() => closed === 2);
  });

  it('that finds no server becomes 502 api_unreachable', async () => {
    const answer = await callApi('http://127.0.0.1:1', {}, TIMEOUT_MS, 'en');
    expect(await answer.json()).toMatchObject({ code: 'api_unreachable', status: 502 });
  });
});
