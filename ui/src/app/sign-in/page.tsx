import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { SignInPage } from '@/features/sign-in/sign-in-page';
import { safePath } from '@/lib/api/sign-in';
import { serverClient } from '@/server/api';
import { openCommand } from '@/server/access/exposure';
import { providerLabel, refusedCookie, refusedSignIn } from '@/server/access/oidc';
import { preferredLang } from '@/server/preferences';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('signIn');

type Props = { searchParams: Promise<{ next?: string | string[]; ended?: string; kept?: string; refused?: string }> };

export default async function Page({ searchParams }: Props) {
  const { next, ended, kept, refused } = await searchParams;
  const path = safePath(typeof next === 'string' ? next : null);
  const client = await serverClient();
  const me = await client.GET('/me').catch(() => null);
  // Signed in already, or no key is needed.
  if (me?.data) redirect(path);
  const provider = await providerLabel(await preferredLang());
  const reason = refused === undefined ? null : await refusal();
  const [hasEnded, isKept, command] = [ended !== undefined, kept !== undefined, openCommand(process.env)];
  return <SignInPage next={path} hasEnded={hasEnded} isKept={isKept} command={command} provider={provider} refused={reason} />;
}

/** Why the sign-in at the provider was refused just now. */
async function refusal() {
  const name = refusedCookie((await headers()).get('host'));
  return refusedSignIn.open((await cookies()).get(name)?.value);
}
