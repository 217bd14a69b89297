import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const SERVER = 'src/server/**/*.test.ts';
const PAGES = 'src/app/**/*.test.tsx';

export default defineConfig({
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      // `server-only` guards the border between server and browser; tests do not have one.
      'server-only': fileURLToPath(new URL('./tests/server-only.ts', import.meta.url)),
    },
  },
  test: {
    restoreMocks: true,
    // Ends a test that hangs; other suites run at the same time.
    testTimeout: 30_000,
    // The files of a process share its modules: a process, and a load of React, for each file took three quarters of the
    // suite's time. So a test restores what it changes, and `vi.mock` is of its file alone.
    isolate: false,
    // A DOM costs most of a second for each file: only tests of components get one. A file of another test that needs it
    // begins with `// @vitest-environment jsdom`.
    projects: [
      {
        extends: true,
        test: { name: 'modules', include: ['{src,tests/unit}/**/*.test.ts'], exclude: [SERVER], environment: 'node' },
      },
      // Tests of whole pages replace modules that all others share.
      {
        extends: true,
        test: { name: 'pages', include: [PAGES], environment: 'jsdom', isolate: true, setupFiles: ['./tests/setup.ts'] },
      },
      // The request filter changes the servers of Node.js.
      { extends: true, test: { name: 'server', include: [SERVER], environment: 'node', isolate: true } },
      {
        extends: true,
        test: { name: 'components', include: ['src/**/*.test.tsx'], exclude: [PAGES], environment: 'jsdom', setupFiles: ['./tests/setup.ts'] },
      },
    ],
  },
});
