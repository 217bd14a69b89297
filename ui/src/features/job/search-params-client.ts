import { parseAsInteger, parseAsStringLiteral } from 'nuqs';
import { JOB_TABS, PERIOD_NAMES, RUN_STATUSES } from './search-params';

/** The search parameters of the page: its tab and the filters of each tab. */
export const jobSearch = {
  tab: parseAsStringLiteral(JOB_TABS).withDefault('runs'),
  status: parseAsStringLiteral(RUN_STATUSES),
  period: parseAsStringLiteral(PERIOD_NAMES).withDefault('24h'),
  from: parseAsInteger,
  to: parseAsInteger,
};
