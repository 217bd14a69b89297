// Serves the built dashboard, from this folder or from the folder of server.js. Settings: UI_HOST (127.0.0.1),
// UI_PORT (3000), API_BASE_URL (http://127.0.0.1:8000), UI_ALLOWED_HOSTS; UI_SESSION_SECRET, or
// UI_SESSION_SECRET_FILE, which is created if it is missing. The API reads the same file.
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostsOf, installRequestFilter } from './request-filter.mjs';
import { connectionsOf } from './limits.mjs';
import { proxiesOf } from './proxies.mjs';

const GRACE_MS = 3_000;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 };

const server = [new URL('server.js', import.meta.url), new URL('../.next/standalone/server.js', import.meta.url)].find(
  (each) => existsSync(each),
);
if (!server) fail('Belum dibangun / not built yet: npm install && npm run build');

const port = process.env.UI_PORT || '3000';
if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
  fail(`UI_PORT=${JSON.stringify(port)} is no port: use a number from 1 to 65535 / bukan port: pakai 1 sampai 65535`);
}
// server.js listens on HOSTNAME, and shells set that variable to the machine's name.
process.env.HOSTNAME = process.env.UI_HOST || '127.0.0.1';
process.env.PORT = port;
process.env.NODE_ENV = 'production';
const secretFile = process.env.UI_SESSION_SECRET_FILE || defaultSecretFile();
if (!process.env.UI_SESSION_SECRET && secretFile) process.env.UI_SESSION_SECRET = storedSecret(secretFile);
// Pages that follow events keep their connection for ever, and server.js would wait for them.
for (const [signal, code] of Object.entries(EXIT_CODES)) {
  process.on(signal, () => setTimeout(() => process.exit(code), GRACE_MS).unref());
}
process.chdir(fileURLToPath(new URL('.', server)));
const host = process.env.HOSTNAME.includes(':') ? `[${process.env.HOSTNAME}]` : process.env.HOSTNAME;
console.log(`Dashboard: http://${host}:${port}`);
installRequestFilter(
  hostsOf(process.env.UI_ALLOWED_HOSTS),
  setting(() => proxiesOf(process.env.TRUSTED_PROXIES)),
  setting(() => connectionsOf(process.env.UI_MAX_CONNECTIONS)),
);
await import(server.href);

/** The value of a setting; a malformed one ends the start. */
function setting(read) {
  try {
    return read();
  } catch (error) {
    return fail(error.message);
  }
}

/** The file that an API of the same home reads; null if this is no checkout and MULTI_JOB_HOME is not set. */
function defaultSecretFile() {
  const checkout = fileURLToPath(new URL('../..', import.meta.url));
  const home = process.env.MULTI_JOB_HOME || (existsSync(join(checkout, 'start-local.sh')) ? checkout : null);
  return home && join(home, 'runtime-data', 'ui-session.key');
}

/** The content of a file. If the file is missing, it is created atomically and only its owner can read it. */
function storedSecret(file) {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    const staged = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(staged, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
    try {
      // Refuses an existing name, so of several processes exactly one makes it.
      linkSync(staged, file);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(staged);
    }
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length < 32) fail(`${file} holds no secret: remove it / tidak berisi kunci: hapus`);
  return secret;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
