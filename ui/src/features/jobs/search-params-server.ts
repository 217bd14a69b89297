import 'server-only';
import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { jobsShape } from './search-params';

export const loadJobsSearch = createLoader(jobsShape({ parseAsString, parseAsStringLiteral }));
