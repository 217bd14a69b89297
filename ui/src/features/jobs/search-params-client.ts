import { parseAsString, parseAsStringLiteral } from 'nuqs';
import { jobsShape } from './search-params';

export const jobsSearch = jobsShape({ parseAsString, parseAsStringLiteral });
