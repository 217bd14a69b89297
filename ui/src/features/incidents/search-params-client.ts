import { parseAsString, parseAsStringLiteral } from 'nuqs';
import { incidentsShape } from './search-params';

export const incidentsSearch = incidentsShape({ parseAsString, parseAsStringLiteral });
