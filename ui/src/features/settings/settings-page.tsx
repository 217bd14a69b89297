'use client';

import { Page } from '@/components/ui/page';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { Can, useSession } from '@/lib/session';
import { CalendarsCard } from './calendars/calendars-card';
import { MaintenanceCard } from './maintenance/maintenance-card';
import { RulesCard } from './rules/rules-card';
import { KeysCard } from './keys-card';
import { NotifyCard } from './notify-card';
import { PauseCard } from './pause-card';
import { ProfileCard } from './profile-card';
import { PlatformCard } from './platform-card';
import { PoliciesCard } from './policies-card';
import { SecretsCard } from './secrets-card';
import { SessionsCard } from './sessions-card';
import { StatusPagesCard } from './status-pages/status-pages-card';

const translations = defineTranslations({ title: 'Settings' }, { title: 'Pengaturan' });

export function SettingsPage() {
  const t = useTranslations(translations);
  const { keyless } = useSession();
  return (
    <Page title={t.title}>
      <div className="grid gap-4 xl:grid-cols-2">
        <ProfileCard />
        <PlatformCard />
        <NotifyCard />
        <PauseCard />
      </div>
      <RulesCard />
      <MaintenanceCard />
      <CalendarsCard />
      <StatusPagesCard />
      <Can role="admin">
        <KeysCard />
        <SecretsCard />
      </Can>
      {!keyless && <SessionsCard />}
      <PoliciesCard />
    </Page>
  );
}
