import { spawn, type ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, SERVE, type Stack } from './stack';

export type Reply = { status: number; body: string; headers: Record<string, string | string[] | undefined> };

/** A request as no browser would send it. */
export function sendRequest(url: string, method: string, headers: Record<string, string>, body = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The status of the response to a raw head and body; 0 if the connection was cut. */
export function statusOf(url: string, head: string, body = ''): Promise<number> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(`${head.replaceAll('\n', '\r\n')}${body}`));
    let text = '';
    const end = () => (socket.destroy(), resolve(Number(text.split(' ')[1] ?? 0)));
    socket.on('data', (chunk) => ((text += String(chunk)), text.includes('\r\n\r\n') && end()));
    socket.on('error', end);
    socket.on('close', end);
  });
}

/** Another dashboard with other settings for the API of a stack; it ends with the callback. */
export async function withDashboard(stack: Stack, settings: Record<string, string>, use: (url: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const shared = { API_BASE_URL: stack.apiUrl, UI_SESSION_SECRET_FILE: join(stack.home, 'runtime-data', 'ui-session.key') };
  const environment = { ...process.env, UI_HOST: '127.0.0.1', UI_PORT: `${port}`, ...shared, ...settings };
  const child: ChildProcess = spawn('node', [SERVE], { cwd: stack.home, env: environment, stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  try {
    await stack.until(async () => (await sendRequest(`${url}/healthz`, 'GET', {})).status === 200, 'the other dashboard');
    await use(url);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}
