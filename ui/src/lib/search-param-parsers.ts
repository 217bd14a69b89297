/**
 * What search parameters are made from. Pages read them with `nuqs/server`, browsers with `nuqs`: the two hold the
 * same parsers, and a file that both import would bring them to the browser twice. So a feature writes its
 * parameters as a function of the parsers.
 */
export type Parsers = Pick<typeof import('nuqs'), 'parseAsString' | 'parseAsStringLiteral'>;
