import { notFound } from 'next/navigation';

/** Any address that no page has: told inside of the frame, not on a bare page. */
export default function Page() {
  notFound();
}
