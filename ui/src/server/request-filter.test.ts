// @vitest-environment node
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRequestFilter, installRequestFilter, isForwardingHeader } from '../../scripts/request-filter.mjs';

let server: Server;
let seen: { headers: IncomingHttpHeaders; raw: string[] }[] = [];

/** Send bytes on a new connection, and return the response until the connection ends. */
function sent(head: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1', () => socket.write(head.replaceAll('\n', '\r\n')));
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

const statusOf = async (head: string) => Number((await sent(head)).split(' ')[1]);
const get = (path: string, lines = '', host = '127.0.0.1') =>
  `GET ${path} HTTP/1.1\nHost: ${host}\nConnection: close\n${lines}\n`;

beforeAll(async () => {
  expect(hasRequestFilter()).toBe(false);
  installRequestFilter(new Set(['jobs.example.com']));
  installRequestFilter(new Set());
  server = createServer((request, response) => {
    seen.push({ headers: request.headers, raw: request.rawHeaders });
    let size = 0;
    request.on('data', (chunk: Buffer) => (size += chunk.length));
    request.on('end', () => response.end(`served ${size}`));
  });
  // Next.js listens for these.
  server.on('upgrade', (_request, socket) => socket.end('upgraded'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('the request filter', () => {
  it('records the sockets, and the names of forwarding headers', async () => {
    seen = [];
    await sent(get('/', 'X-Forwarded-For: 8.8.8.8\nVIA: 1.1 a\nCF-Ray: b\nAccept: */*\n'));
    expect(hasRequestFilter()).toBe(true);
    expect(seen[0]?.headers).toMatchObject({
      'x-multi-job-peer': '127.0.0.1',
      'x-multi-job-server': '127.0.0.1',
      'x-multi-job-forwarded': 'x-forwarded-for via cf-ray',
      accept: '*/*',
    });
  });

  it('drops headers of the caller under its own names, in any case', async () => {
    seen = [];
    await sent(get('/', 'X-Multi-Job-Peer: 1.2.3.4\nx-multi-job-server: 1.2.3.4\nX-MULTI-JOB-FORWARDED: none\nX-Multi-Job-Peer: 5.6.7.8\n'));
    const { headers, raw } = seen[0]!;
    expect(headers).toMatchObject({ 'x-multi-job-peer': '127.0.0.1', 'x-multi-job-server': '127.0.0.1', 'x-multi-job-forwarded': '' });
    expect(raw.join(' ')).not.toMatch(/1\.2\.3\.4|5\.6\.7\.8|none/);
    expect(raw.filter((each) => each.toLowerCase() === 'x-multi-job-peer')).toHaveLength(1);
  });

  it('refuses foreign names on every path, and serves its own', async () => {
    for (const path of ['/', '/api/jobs', '/_next/static/a.js', '/favicon.ico', '//a', '/%ff']) {
      expect(await statusOf(get(path, '', 'evil.example')), path).toBe(421);
    }
    for (const host of ['127.0.0.1:3000', 'LOCALHOST', '[::1]:1', 'jobs.example.com']) expect(await statusOf(get('/', '', host)), host).toBe(200);
    expect(await statusOf(get('/', 'Host: 127.0.0.1\n'))).toBe(421);
    expect(await statusOf('GET / HTTP/1.0\n\n')).toBe(421);
  });

  it('refuses requests that no browser sends', async () => {
    const odd = {
      'TRACE / HTTP/1.1': 405,
      'PROPFIND / HTTP/1.1': 405,
      'OPTIONS * HTTP/1.1': 400,
      'GET http://127.0.0.1/jobs HTTP/1.1': 400,
      'GET jobs HTTP/1.1': 400,
      'GET /api/jobs/%ff HTTP/1.1': 400,
      'GET /api/jobs/% HTTP/1.1': 400,
      'GET /api/jobs/%c0%80 HTTP/1.1': 400,
      'CONNECT 127.0.0.1:80 HTTP/1.1': 405,
      'CONNECT / HTTP/1.1': 405,
      'FOO / HTTP/1.1': 400,
    };
    for (const [line, status] of Object.entries(odd)) {
      expect(await statusOf(`${line}\nHost: 127.0.0.1\nConnection: close\n\n`), line).toBe(status);
    }
    expect(await statusOf('GET / HTTP/1.1\nHost: 127.0.0.1\nConnection: Upgrade\nUpgrade: websocket\n\n')).toBe(400);
    expect(await statusOf(get('/a%20b?q=%ff'))).toBe(200);
  });

  it('ends a body behind its limit, announced or not, and then the connection', async () => {
    const chunk = `2000\n${'a'.repeat(0x2000)}\n`;
    const post = (path: string, lines: string) => `POST ${path} HTTP/1.1\nHost: 127.0.0.1\n${lines}\n\n`;
    const chunked = 'Transfer-Encoding: chunked';
    const whole = post('/session', 'Connection: close\nContent-Length: 4096') + 'a'.repeat(4_096);
    const answers = await Promise.all([
      sent(post('/session', chunked) + chunk.repeat(4)),
      sent(post('/session?a=b', 'Content-Length: 999999') + 'a'.repeat(9_000)),
      sent(post('/api/jobs', chunked) + chunk.repeat(40)),
      sent(whole),
    ]);
    const sizes = answers.map((text) => Number(text.split('served ')[1]?.split('\r\n')[0]));
    expect(sizes).toEqual([4_097, 4_097, 256 * 1024 + 1, 4_096]);
  });

  it('serves on behind a body that was too large and came to its end', async () => {
    const large = `POST /session HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 5000\n\n${'a'.repeat(5_000)}`;
    const answers = await sent(large + get('/'));
    expect(answers).toContain('served 4097');
    expect(answers).toContain('served 0');
  });

  it('knows forwarding headers by name', () => {
    expect(['forwarded', 'x-forwarded', 'x-forwarded-anything', 'cf-ray', 'x-original-url', 'x-real-ip'].every(isForwardingHeader)).toBe(true);
    expect(['forward', 'x-originator', 'accept', 'x-multi-job'].some(isForwardingHeader)).toBe(false);
  });
});
