import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from './stack';

const READY_MS = 60_000;

/** A real OpenID Connect provider on loopback. */
export class OidcProvider {
  issuer = '';
  private process: ChildProcess | null = null;

  /** The settings with which the API signs people in here. */
  get settings(): Record<string, string> {
    return {
      OIDC_ISSUER: this.issuer,
      OIDC_CLIENT_ID: 'dashboard',
      OIDC_CLIENT_SECRET: 'a secret with + % and : in it',
      OIDC_ROLES: 'admins=admin,staff=operator',
      OIDC_LABEL: 'Example',
    };
  }

  async start(): Promise<this> {
    const port = await freePort();
    this.issuer = `http://127.0.0.1:${port}`;
    this.process = spawn('node', [join(__dirname, 'oidc-provider.mjs'), `${port}`, 'http://127.0.0.1:1/'], { stdio: 'ignore' });
    const deadline = Date.now() + READY_MS;
    while (Date.now() < deadline) {
      const answer = await fetch(`${this.issuer}/.well-known/openid-configuration`).catch(() => null);
      if (answer?.ok) return this;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the provider did not start');
  }

  /** Tell the provider where the dashboard is. */
  sendBackTo(dashboard: string): Promise<void> {
    return this.put('/redirect-uri', `${dashboard}/session/oidc/callback`);
  }

  /** Choose the account that the next sign-in is of. */
  setAccount(account: { sub: string; preferred_username: string; groups: string[] }): Promise<void> {
    return this.put('/account', account);
  }

  stop(): void {
    this.process?.kill('SIGKILL');
  }

  private async put(path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${this.issuer}${path}`, { method: 'PUT', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  }
}
