import { OpenPage } from '@/features/sign-in/open-page';
import { openCommand } from '@/server/access/exposure';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('signIn');

export default function Page() {
  return <OpenPage command={openCommand(process.env)} />;
}
