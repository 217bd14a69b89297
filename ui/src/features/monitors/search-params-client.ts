import { parseAsString, parseAsStringLiteral } from 'nuqs';
import { monitorsShape } from './search-params';

export const monitorsSearch = monitorsShape({ parseAsString, parseAsStringLiteral });
