import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const STREAM = '/events/stream';
const CHUNK_EVENTS = 100;
const WAIT_MS = 60_000;
const STATES = [
  { type: 'run.queued', status: 'queued', rev: 1, data: {} },
  { type: 'run.started', status: 'running', rev: 2, data: {} },
  { type: 'run.success', status: 'success', rev: 3, data: { duration_ms: 12 } },
] as const;

/** A server in front of the real API: it forwards every request and writes the event stream itself, at full speed. */
export class EventLoad {
  url = '';
  target = '';
  private readonly server: Server = createServer((asked, answer) => this.serve(asked, answer));
  private readonly streams = new Set<ServerResponse>();
  private resumedFrom = '';
  private opened = 0;
  private written = 0;
  private readonly began = Date.now();

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Write events of new runs, three for each run, and wait until the page has read the last one. */
  async push(events: number, job: string): Promise<void> {
    const end = this.written + events;
    const last = this.id(end - 1);
    do {
      await this.until(() => this.streams.size > 0, 'a reader of the event stream');
      // A page that reopens the stream gets the events after its last one, as the API does.
      while (this.written < end && this.streams.size > 0) {
        const upto = Math.min(end, this.written + CHUNK_EVENTS);
        let chunk = '';
        for (; this.written < upto; this.written += 1) chunk += this.message(this.written, job);
        await Promise.all([...this.streams].map((stream) => written(stream, chunk)));
      }
      const { opened } = this;
      this.streams.forEach((stream) => stream.end());
      await this.until(() => this.opened > opened, `a page that has read ${last}`);
    } while (this.resumedFrom !== last);
  }

  private id(at: number): string {
    return `${this.began}-${at}`;
  }

  private message(at: number, job: string): string {
    const { type, status, rev, data } = STATES[at % STATES.length]!;
    const run = `${job}@${this.began + Math.floor(at / STATES.length)}`;
    const event = { id: this.id(at), type, at: new Date().toISOString(), job_id: job, run_id: run, status, rev, seq: at, data };
    return `id: ${event.id}\nevent: ${type}\ndata: ${JSON.stringify(event)}\n\n`;
  }

  private serve(asked: IncomingMessage, answer: ServerResponse): void {
    if (asked.url?.startsWith(STREAM)) this.follow(asked, answer);
    else this.forward(asked, answer);
  }

  private follow(asked: IncomingMessage, answer: ServerResponse): void {
    this.resumedFrom = String(asked.headers['last-event-id'] ?? '');
    const [made, at] = this.resumedFrom.split('-').map(Number);
    if (made === this.began && at !== undefined) this.written = Math.min(this.written, at + 1);
    this.opened += 1;
    answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    answer.write(': open\n\n');
    this.streams.add(answer);
    answer.on('close', () => this.streams.delete(answer));
  }

  private forward(asked: IncomingMessage, answer: ServerResponse): void {
    const headers = { ...asked.headers, host: new URL(this.target).host };
    const upstream = request(`${this.target}${asked.url}`, { method: asked.method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    upstream.on('error', () => answer.destroy());
    asked.pipe(upstream);
  }

  private async until(isTrue: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!isTrue()) {
      if (Date.now() > deadline) throw new Error(`${what}: not within ${WAIT_MS / 1_000} s`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Write, and wait until the reader has made room. */
async function written(stream: ServerResponse, chunk: string): Promise<void> {
  if (stream.write(chunk) || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}
