import 'server-only';
import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { messagesShape } from './search-params';

export const loadMessagesSearch = createLoader(messagesShape({ parseAsString, parseAsStringLiteral }));
