import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, PYTHON, ROOT } from './stack';

export const NAME = 'jobs.example.com';
export type Kind = 'caddy' | 'nginx';
export const KINDS: Kind[] = ['caddy', 'nginx'];

/** The path of a program; null if it is not installed. */
export function programOf(kind: Kind): string | null {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
  const found = spawnSync('sh', ['-c', `command -v ${kind}`], { env, encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : null;
}

/** A proxy with the configuration of deploy/, in front of an API and a dashboard. */
export class Proxy {
  readonly url: string;
  private child: ChildProcess | undefined;

  private constructor(
    private readonly kind: Kind,
    private readonly folder: string,
    readonly port: number,
    readonly plainPort: number,
  ) {
    this.url = `https://${NAME}:${port}`;
  }

  static async choosePorts(kind: Kind, home: string): Promise<Proxy> {
    const folder = join(home, kind);
    mkdirSync(folder, { recursive: true });
    return new Proxy(kind, folder, await freePort(), await freePort());
  }

  /** Start it; `api` and `dashboard` are the ports behind it. */
  async start(api: number, dashboard: number): Promise<void> {
    const program = programOf(this.kind)!;
    this.makeCertificate();
    const arguments_ = this.kind === 'caddy' ? this.caddy() : this.nginx(api, dashboard);
    const env = {
      ...process.env,
      HOME: this.folder,
      DOMAIN: NAME,
      HTTP_PORT: `${this.plainPort}`,
      HTTPS_PORT: `${this.port}`,
      API: `127.0.0.1:${api}`,
      DASHBOARD: `127.0.0.1:${dashboard}`,
    };
    const log = openSync(join(this.folder, 'log'), 'a');
    this.child = spawn(program, arguments_, { cwd: this.folder, env, stdio: ['ignore', log, log] });
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // nginx ends its workers on SIGTERM; the test has closed its connections.
    child.kill('SIGTERM');
    await gone;
  }

  private caddy(): string[] {
    const text = readFileSync(join(ROOT, 'deploy/caddy/Caddyfile'), 'utf8');
    const tls = replaced(text, '# tls certificate.pem key.pem', `tls ${this.folder}/certificate.pem ${this.folder}/key.pem`);
    const own = replaced(tls, 'admin off', 'admin off\n\tdefault_bind 127.0.0.1');
    writeFileSync(join(this.folder, 'Caddyfile'), own);
    return ['run', '--config', join(this.folder, 'Caddyfile')];
  }

  private nginx(api: number, dashboard: number): string[] {
    let text = readFileSync(join(ROOT, 'deploy/nginx/multi-job.conf'), 'utf8');
    text = replaced(text, '127.0.0.1:3000', `127.0.0.1:${dashboard}`);
    text = replaced(text, '127.0.0.1:8000', `127.0.0.1:${api}`);
    text = replaced(text, /listen (\[::\]:)?443 ssl/g, (_, six: string) => `listen ${six ? '[::1]' : '127.0.0.1'}:${this.port} ssl`);
    text = replaced(text, /listen (\[::\]:)?80;/g, (_, six: string) => `listen ${six ? '[::1]' : '127.0.0.1'}:${this.plainPort};`);
    text = replaced(text, `/etc/letsencrypt/live/${NAME}/fullchain.pem`, join(this.folder, 'certificate.pem'));
    text = replaced(text, `/etc/letsencrypt/live/${NAME}/privkey.pem`, join(this.folder, 'key.pem'));
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${this.folder}/${each};`);
    const whole = `daemon off; pid ${this.folder}/pid; error_log stderr warn; worker_processes 1;
user ${process.getuid?.() === 0 ? 'root' : 'nobody'};
events { worker_connections 256; }
http { access_log off; ${paths.join(' ')} ${text} }`;
    writeFileSync(join(this.folder, 'nginx.conf'), whole);
    return ['-c', join(this.folder, 'nginx.conf'), '-e', 'stderr'];
  }

  private makeCertificate(): void {
    const code = `
import datetime, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as s
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, sys.argv[1])])
now = datetime.datetime.now(datetime.UTC)
made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(sys.argv[1])]), False).sign(key, hashes.SHA256()))
open('certificate.pem', 'wb').write(made.public_bytes(s.Encoding.PEM))
open('key.pem', 'wb').write(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()))`;
    execFileSync(PYTHON, ['-c', code, NAME], { cwd: this.folder });
  }
}

/** A text with each occurrence of a pattern replaced; throws if it has none, because the file has changed. */
function replaced(text: string, pattern: string | RegExp, by: string | ((...found: string[]) => string)): string {
  const made = typeof by === 'string' ? text.replaceAll(pattern, by) : text.replace(pattern, by);
  if (made === text) throw new Error(`the configuration has no ${pattern} any more`);
  return made;
}
