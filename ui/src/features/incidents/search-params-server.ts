import 'server-only';
import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { incidentsShape } from './search-params';

export const loadIncidentsSearch = createLoader(incidentsShape({ parseAsString, parseAsStringLiteral }));
