import { createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs';
import { runsShape } from './search-params';

export const runsSearch = runsShape({ parseAsString, parseAsStringLiteral });
export const runsHref = createSerializer(runsSearch);
