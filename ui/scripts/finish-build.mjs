// Completes .next/standalone with static files, public/ and the server scripts, so that the folder can be moved.
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

for (const [from, to] of [
  ['.next/static', '.next/standalone/.next/static'],
  ['public', '.next/standalone/public'],
  ['scripts/serve.mjs', '.next/standalone/serve.mjs'],
  ['scripts/request-filter.mjs', '.next/standalone/request-filter.mjs'],
  ['scripts/limits.mjs', '.next/standalone/limits.mjs'],
  ['scripts/proxies.mjs', '.next/standalone/proxies.mjs'],
]) {
  await rm(at(to), { recursive: true, force: true });
  // Git does not store an empty public/.
  if (existsSync(at(from))) await cp(at(from), at(to), { recursive: true });
}
