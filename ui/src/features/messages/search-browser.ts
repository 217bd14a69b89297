import { parseAsString, parseAsStringLiteral } from 'nuqs';
import { messagesShape } from './search';

export const messagesSearch = messagesShape({ parseAsString, parseAsStringLiteral });
