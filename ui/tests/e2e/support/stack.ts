import { randomInt } from 'node:crypto';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const UI = join(__dirname, '..', '..', '..');
export const ROOT = join(UI, '..');
export const PYTHON = join(ROOT, '.venv', 'bin', 'python');
/** Starts the built dashboard: the launcher's build if `DASHBOARD_BUILD` names one, else that of `npm run build`. */
export const SERVE = join(process.env.DASHBOARD_BUILD || join(UI, '.next', 'standalone'), 'serve.mjs');
const READY_MS = 120_000;

export type Service = 'redis' | 'api' | 'scheduler' | 'worker' | 'connector' | 'ui';
export type Json = Record<string, unknown>;

/** A platform for one test file: a real Redis, the four services and the built dashboard, all on free ports. */
export class Stack {
  readonly home = mkdtempSync(join(tmpdir(), 'multi-job-e2e-'));
  apiUrl = '';
  uiUrl = '';
  private readonly running = new Map<Service, ChildProcess>();
  private readonly commands = new Map<Service, { command: string[]; environment: NodeJS.ProcessEnv }>();

  constructor(
    private readonly settings: Record<string, string> = {},
    private readonly uiSettings: Record<string, string> = {},
  ) {}

  async start(): Promise<this> {
    const [redisPort, apiPort, uiPort] = [await freePort(), await freePort(), await freePort()];
    this.apiUrl = `http://127.0.0.1:${apiPort}`;
    this.uiUrl = `http://127.0.0.1:${uiPort}`;
    const redisDir = join(this.home, 'redis');
    mkdirSync(redisDir);
    const python = {
      ...process.env,
      PYTHONPATH: ROOT,
      PYTHONUNBUFFERED: '1',
      MULTI_JOB_HOME: this.home,
      REDIS_URL: `redis://127.0.0.1:${redisPort}/0`,
      HANDLER_MODULES: 'tests.support.local.browser_handlers',
      // A killed worker's runs come back soon.
      LEASE_SEC: '2',
      WORKER_CONCURRENCY: '20',
      MAX_LOG_LINES: '20000',
      // A busy machine's Redis may stand still for some seconds.
      REQUEST_PATIENCE_SEC: '10',
      ...this.settings,
    };
    const service = (name: string) => [PYTHON, '-m', `app.services.${name}.main`];
    const uvicorn = [PYTHON, '-m', 'uvicorn', 'app.services.api.main:app', '--host', '127.0.0.1', '--port', `${apiPort}`];
    const node = {
      ...process.env,
      NODE_ENV: 'production' as const,
      UI_HOST: '127.0.0.1',
      UI_PORT: `${uiPort}`,
      API_BASE_URL: this.apiUrl,
      // The path that the API reads: the dashboard proves the user's address with this secret.
      UI_SESSION_SECRET_FILE: join(this.home, 'runtime-data', 'ui-session.key'),
      ...this.uiSettings,
    };
    this.commands.set('redis', redisCommand(redisPort, redisDir));
    this.commands.set('api', { command: [...uvicorn, '--timeout-graceful-shutdown', '1'], environment: python });
    this.commands.set('scheduler', { command: service('scheduler'), environment: python });
    this.commands.set('worker', { command: service('worker'), environment: python });
    this.commands.set('connector', { command: service('connector'), environment: python });
    this.commands.set('ui', { command: ['node', SERVE], environment: node });
    this.run('redis');
    for (const name of ['api', 'scheduler', 'worker', 'connector', 'ui'] as const) this.run(name);
    await this.until(() => answers(`${this.apiUrl}/readyz`), 'the services');
    await this.until(() => answers(`${this.uiUrl}/healthz`), 'the dashboard');
    return this;
  }

  /** Start a service that is not running. */
  run(name: Service): void {
    const { command, environment } = this.commands.get(name)!;
    const log = openSync(this.logFile(name), 'a');
    const [program, ...parameters] = command;
    const child = spawn(program!, parameters, { cwd: this.home, env: environment, stdio: ['ignore', log, log] });
    this.running.set(name, child);
  }

  /** Kill a service at once, as a crash would, and wait until it is gone. */
  async kill(name: Service, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.running.get(name);
    if (!child) return;
    this.running.delete(name);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await gone;
  }

  /** Stop a service without ending it, as a hung process is: it accepts connections and does not answer. */
  hang(name: Service): void {
    this.running.get(name)?.kill('SIGSTOP');
  }

  /** Let a hung service go on. */
  goOn(name: Service): void {
    this.running.get(name)?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    for (const name of [...this.running.keys()].reverse()) await this.kill(name);
    rmSync(this.home, { recursive: true, force: true });
  }

  /** The environment of the API, for commands on the same machine. */
  environment(): NodeJS.ProcessEnv {
    return this.commands.get('api')!.environment;
  }

  logFile(name: Service): string {
    return join(this.home, `${name}.log`);
  }

  logs(): string {
    return [...this.commands.keys()].map((name) => readFileSync(this.logFile(name), 'utf8')).join('\n');
  }

  /** Call the API directly, without the dashboard; throws if it refuses. */
  async api<T = Json>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${this.apiUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Wait until a condition holds; throws with its name if it never does. */
  async until(condition: () => Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + READY_MS;
    while (Date.now() < deadline) {
      if (await condition().catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${what}: not within ${READY_MS / 1_000} s\n${this.logs().slice(-4_000)}`);
  }

  /** Wait until a run is in a state. */
  async untilRun(runId: string, status: string): Promise<void> {
    const path = `/runs/${encodeURIComponent(runId)}`;
    await this.until(async () => (await this.api('GET', path)).status === status, `${runId} ${status}`);
  }
}

/** The embedded server as the launcher starts it, with its memory allocator. */
function redisCommand(port: number, dir: string): { command: string[]; environment: NodeJS.ProcessEnv } {
  const code =
    'import json,os,sys;from pathlib import Path;from app.local import redis_server as e;' +
    'folder=Path(sys.argv[2]);server=e.choose_server(folder,os.environ);' +
    'command=[str(server.binary.path),*e.server_arguments(int(sys.argv[1]),folder)];' +
    'print(json.dumps({"command":command,"environment":server.environment(os.environ)}))';
  const out = execFileSync(PYTHON, ['-c', code, `${port}`, dir], { cwd: ROOT, encoding: 'utf8' });
  return JSON.parse(out) as { command: string[]; environment: NodeJS.ProcessEnv };
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}

let lastPort = 10_000 + randomInt(9_000);

/** A free port below those that the system gives to connections, and below those of the Python tests. */
export async function freePort(): Promise<number> {
  lastPort += 1;
  const port = lastPort;
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return isFree ? port : freePort();
}
