// Generates src/generated/ from docs/openapi.json: the client's types and the operations that may be forwarded. With
// --check it changes nothing and fails if a file is stale.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const root = new URL('../', import.meta.url);
const document = JSON.parse(await readFile(new URL('../docs/openapi.json', root), 'utf8'));
const METHODS = ['get', 'post', 'put', 'delete', 'patch'];
const HEAD = '// Generated from docs/openapi.json by `npm run generate`; do not edit.\n';
// Webhooks are for remote services and metrics for Prometheus, not for browsers.
const NOT_FORWARDED = [/^\/webhooks\//, /^\/metrics$/];

function operations() {
  const rows = Object.entries(document.paths)
    .filter(([path]) => !NOT_FORWARDED.some((pattern) => pattern.test(path)))
    .flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map(
        (method) => `  ['${method.toUpperCase()}', '${path}', '${item[method]['x-required-role']}'],`,
      ),
    )
    .sort();
  return `${HEAD}
export type RequiredRole = 'none' | 'metrics' | 'viewer' | 'operator' | 'admin';

/** Method, path template, and the least role that may do it. */
export const OPERATIONS: readonly (readonly [string, string, RequiredRole])[] = [
${rows.join('\n')}
];
`;
}

// A field with a default may be left out of a request.
const files = {
  'src/generated/schema.d.ts': HEAD + astToString(await openapiTS(structuredClone(document), { defaultNonNullable: false })),
  'src/generated/operations.ts': operations(),
};
let stale = 0;
for (const [path, wanted] of Object.entries(files)) {
  const file = new URL(path, root);
  const stored = await readFile(file, 'utf8').catch(() => '');
  if (stored === wanted) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is stale: npm run generate`);
    stale += 1;
  } else {
    await writeFile(file, wanted);
    console.log(`written: ${path}`);
  }
}
process.exit(stale ? 1 : 0);
