import { createServer, type Server } from 'node:http';
import { freePort } from './stack';

/** A small site on loopback that a test takes down and brings back. */
export class LocalSite {
  status = 200;
  url = '';
  place = '';
  private readonly server: Server = createServer((_request, response) => {
    response.writeHead(this.status, { 'content-type': 'text/plain' });
    response.end('hello');
  });

  async start(): Promise<this> {
    const port = await freePort();
    this.place = `127.0.0.1:${port}`;
    this.url = `http://${this.place}/`;
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
