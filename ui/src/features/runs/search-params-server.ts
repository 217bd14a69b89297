import 'server-only';
import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { runsShape } from './search-params';

export const loadRunsSearch = createLoader(runsShape({ parseAsString, parseAsStringLiteral }));
