import 'server-only';
import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { jobsShape } from './search';

export const loadJobsSearch = createLoader(jobsShape({ parseAsString, parseAsStringLiteral }));
