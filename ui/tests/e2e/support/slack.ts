import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const PATH = '/services/T0FAKE/B0FAKE/SlackTokenOfTheTests0123';

/** An incoming webhook of Slack on loopback. */
export class FakeSlack {
  readonly taken: string[] = [];
  private server: Server | null = null;

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        const { text } = JSON.parse(body || '{}') as { text?: string };
        const [status, said] = request.url !== PATH ? [404, 'no_service'] : text ? [200, 'ok'] : [400, 'no_text'];
        if (status === 200 && text) this.taken.push(text);
        response.writeHead(status as number).end(said);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    return this;
  }

  /** Host and port, as HTTP_ALLOW_PRIVATE names them. */
  get place(): string {
    return `127.0.0.1:${(this.server!.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.place}${PATH}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server!.close(resolve));
  }
}
