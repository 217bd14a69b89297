import base from './playwright.config';

/** `npm run bench`: figures of the built dashboard, each printed as it is measured. No gate hangs on them. */
const config = { ...base, testDir: 'benchmarks', testMatch: '*.bench.ts', timeout: 600_000, use: { ...base.use, trace: 'off' as const } };

export default config;
