// Serves the built dashboard: UI_HOST (127.0.0.1), UI_PORT (3000), API_BASE_URL (http://127.0.0.1:8000).
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const server = new URL('../.next/standalone/server.js', import.meta.url);
if (!existsSync(server)) {
  console.error('Belum dibangun / not built yet: npm install && npm run build');
  process.exit(1);
}
// server.js listens where HOSTNAME says, and shells set that to the machine's name.
process.env.HOSTNAME = process.env.UI_HOST || '127.0.0.1';
process.env.PORT = process.env.UI_PORT || '3000';
process.env.NODE_ENV = 'production';
process.chdir(fileURLToPath(new URL('.', server)));
console.log(`Dashboard: http://${process.env.HOSTNAME}:${process.env.PORT}`);
await import(server.href);
