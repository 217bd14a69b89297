import { notFound } from 'next/navigation';

/** An address without a page: the message appears inside the frame. */
export default function Page() {
  notFound();
}
