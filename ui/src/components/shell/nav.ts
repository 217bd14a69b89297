import {
  Activity,
  BookUser,
  CalendarClock,
  Cable,
  FileText,
  Inbox,
  LayoutGrid,
  ListTodo,
  MessageSquare,
  Radar,
  ScrollText,
  Server,
  Settings,
  Shapes,
  Siren,
  WandSparkles,
  type LucideIcon,
} from 'lucide-react';
import type { RequiredRole } from '@/generated/operations';
import { defineTranslations } from '@/lib/languages';

export const navTranslations = defineTranslations(
  {
    overview: 'Overview',
    incidents: 'Incidents',
    monitors: 'Monitors',
    plan: 'Plan from a sentence',
    jobs: 'Jobs',
    runs: 'Runs',
    calendar: 'Calendar',
    deadLetters: 'Needs a decision',
    workers: 'Workers',
    connectors: 'Connectors',
    contacts: 'Contacts',
    messages: 'Messages',
    reports: 'Reports',
    jobTypes: 'Job types',
    audit: 'Audit log',
    settings: 'Settings',
    work: 'Work',
    system: 'System',
    admin: 'Admin',
    newJob: 'New job',
    edit: 'Edit',
    signIn: 'Sign in',
  },
  {
    overview: 'Ringkasan',
    incidents: 'Insiden',
    monitors: 'Pemantau',
    plan: 'Rencana dari kalimat',
    jobs: 'Job',
    runs: 'Run',
    calendar: 'Kalender',
    deadLetters: 'Perlu keputusan',
    workers: 'Worker',
    connectors: 'Konektor',
    contacts: 'Kontak',
    messages: 'Pesan',
    reports: 'Laporan',
    jobTypes: 'Tipe job',
    audit: 'Catatan audit',
    settings: 'Pengaturan',
    work: 'Kerja',
    system: 'Sistem',
    admin: 'Admin',
    newJob: 'Job baru',
    edit: 'Ubah',
    signIn: 'Masuk',
  },
);

export type NavWord = keyof (typeof navTranslations)['en'];

export type NavItem = { href: string; word: NavWord; icon: LucideIcon; role?: RequiredRole; /** It is about the whole deployment: hidden from a key with a scope. */ isWhole?: boolean };
export type NavGroup = { word: NavWord | null; items: NavItem[] };

/** The navigation items of the sidebar, the mobile sheet and the command palette. */
export const NAV: readonly NavGroup[] = [
  {
    word: null,
    items: [
      { href: '/', word: 'overview', icon: LayoutGrid },
      { href: '/incidents', word: 'incidents', icon: Siren },
      { href: '/monitors', word: 'monitors', icon: Radar },
    ],
  },
  {
    word: 'work',
    items: [
      { href: '/plan', word: 'plan', icon: WandSparkles, role: 'operator', isWhole: true },
      { href: '/jobs', word: 'jobs', icon: ListTodo },
      { href: '/runs', word: 'runs', icon: Activity },
      { href: '/calendar', word: 'calendar', icon: CalendarClock },
      { href: '/dead-letters', word: 'deadLetters', icon: Inbox },
    ],
  },
  {
    word: 'system',
    items: [
      { href: '/workers', word: 'workers', icon: Server, isWhole: true },
      { href: '/connectors', word: 'connectors', icon: Cable, isWhole: true },
      { href: '/contacts', word: 'contacts', icon: BookUser, isWhole: true },
      { href: '/messages', word: 'messages', icon: MessageSquare, isWhole: true },
      { href: '/reports', word: 'reports', icon: FileText, isWhole: true },
      { href: '/job-types', word: 'jobTypes', icon: Shapes },
    ],
  },
  {
    word: 'admin',
    items: [
      { href: '/audit', word: 'audit', icon: ScrollText, role: 'admin' },
      { href: '/settings', word: 'settings', icon: Settings },
    ],
  },
];

export function isCurrent(href: string, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);
}
