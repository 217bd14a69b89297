import base from './playwright.config';

/** `npm run bench`: measures the built dashboard and prints each figure. No figure fails the run. */
const config = { ...base, testDir: 'benchmarks', testMatch: '*.bench.ts', timeout: 600_000, use: { ...base.use, trace: 'off' as const } };

export default config;
