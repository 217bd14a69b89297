import { redirect } from 'next/navigation';
import { SignInPage } from '@/features/sign-in/sign-in-page';
import { safePath } from '@/lib/api/sign-in';
import { serverClient } from '@/server/api';
import { openCommand } from '@/server/exposure';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('signIn');

type Props = { searchParams: Promise<{ next?: string | string[]; ended?: string; kept?: string }> };

export default async function Page({ searchParams }: Props) {
  const { next, ended, kept } = await searchParams;
  const path = safePath(typeof next === 'string' ? next : null);
  const client = await serverClient();
  const me = await client.GET('/me').catch(() => null);
  // Signed in already, or no key is needed.
  if (me?.data) redirect(path);
  return <SignInPage next={path} hasEnded={ended !== undefined} isKept={kept !== undefined} command={openCommand(process.env)} />;
}
