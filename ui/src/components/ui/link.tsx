import NextLink from 'next/link';
import type { ComponentProps } from 'react';

/**
 * A link within the dashboard, without prefetching: a list of a hundred rows would cause a hundred requests to the
 * API.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />;
}
