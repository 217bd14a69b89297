// @vitest-environment node
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { limitConnections, connectionsOf, MAX_CONNECTIONS } from '../../scripts/limits.mjs';

const TIMES = { headMs: 300, requestMs: 700, lookMs: 50 };
let server: Server;

async function listening(most = 100) {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end('served'));
  });
  // As the request filter does: before the server starts to check its connections.
  const emit = server.emit.bind(server);
  server.emit = (event: string, ...parts: unknown[]) => {
    if (event === 'listening') limitConnections(server, most, TIMES);
    return emit(event, ...parts);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

/** Send bytes and return the response until the server closes the connection. */
function sent(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (chunk) => (got += String(chunk)));
    socket.on('close', () => resolve(got));
    socket.on('error', reject);
  });
}

afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('limits of connections', () => {
  it('answer 408 to a head or a body that does not end', async () => {
    await listening();
    const head = sent('GET / HTT');
    const body = sent('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{');
    expect(await head).toMatch(/^HTTP\/1\.1 408 /);
    expect(await body).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('close a silent connection', async () => {
    await listening();
    expect(await sent('')).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('refuse connections beyond the limit', async () => {
    await listening(1);
    const first = sent('GET / HTT');
    expect(await sent('GET / HTTP/1.1\r\nHost: a\r\n\r\n').catch(() => '')).toBe('');
    await first;
  });

  it('read the setting', () => {
    expect(connectionsOf('')).toBe(MAX_CONNECTIONS);
    expect(connectionsOf('64')).toBe(64);
    for (const wrong of ['0', '-1', 'many', '1e9', '15']) expect(() => connectionsOf(wrong)).toThrow('UI_MAX_CONNECTIONS');
  });
});
