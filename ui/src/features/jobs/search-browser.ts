import { parseAsString, parseAsStringLiteral } from 'nuqs';
import { jobsShape } from './search';

export const jobsSearch = jobsShape({ parseAsString, parseAsStringLiteral });
