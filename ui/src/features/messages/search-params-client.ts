import { parseAsString, parseAsStringLiteral } from 'nuqs';
import { messagesShape } from './search-params';

export const messagesSearch = messagesShape({ parseAsString, parseAsStringLiteral });
