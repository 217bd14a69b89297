import { describe, expect, it } from 'vitest';
import { jobSearch } from './search-params-client';
import { JOB_TABS, PERIOD_NAMES, RUN_STATUSES, readJobSearch } from './search-params';

describe('readJobSearch', () => {
  it('reads an address on the server as the browser does', () => {
    for (const tab of [...JOB_TABS, 'nonsense', '']) expect(readJobSearch({ tab }).tab).toBe(jobSearch.tab.parseServerSide(tab));
    for (const period of [...PERIOD_NAMES, '1h']) expect(readJobSearch({ period }).period).toBe(jobSearch.period.parseServerSide(period));
    for (const status of [...RUN_STATUSES, 'lost']) {
      expect(readJobSearch({ status }).status ?? null).toBe(jobSearch.status.parseServerSide(status));
    }
  });

  it('ignores an unknown run status, and uses the defaults without parameters', () => {
    expect(readJobSearch({})).toEqual({ tab: 'runs', status: undefined, period: '24h' });
    expect(readJobSearch({ tab: ['spec', 'runs'] }).tab).toBe('runs');
  });
});
