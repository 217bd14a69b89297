import NextLink from 'next/link';
import type { ComponentProps } from 'react';

/**
 * A link inside of the dashboard. Nothing is read ahead: every page asks the API for what it shows, and a list
 * of a hundred rows would ask a hundred times for what nobody opens.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />;
}
