// Puts what the standalone server does not copy by itself beside it: static files and public/.
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

for (const [from, to] of [
  ['.next/static', '.next/standalone/.next/static'],
  ['public', '.next/standalone/public'],
]) {
  await rm(at(to), { recursive: true, force: true });
  await cp(at(from), at(to), { recursive: true });
}
