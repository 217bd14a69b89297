'use client';

import { Link } from '@/components/ui/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from '@/lib/i18n';
import { NAV, isCurrent, navTranslations } from './nav';

/** Breadcrumbs: the section, and the id of the shown record. */
export function Breadcrumbs() {
  const t = useTranslations(navTranslations);
  const pathname = usePathname();
  const section = NAV.flatMap((group) => group.items).find((item) => isCurrent(item.href, pathname));
  const [, , id, sub] = pathname.split('/');
  const isNew = section?.href === '/jobs' && id === 'new';
  const name = id && (isNew ? t.newJob : decodeURIComponent(id));
  return (
    <nav aria-label="Breadcrumb" className="flex min-w-0 items-center gap-1.5 text-text-2">
      {section &&
        (id ? (
          <Link href={section.href} className="shrink-0 hover:text-text max-sm:hidden">
            {t[section.word]}
          </Link>
        ) : (
          <span className="truncate font-medium text-text">{t[section.word]}</span>
        ))}
      {id && (
        <>
          <span aria-hidden className="text-text-3 max-sm:hidden">
            /
          </span>
          <span className={isNew ? 'truncate font-medium text-text' : 'truncate font-mono text-xs text-text'}>{name}</span>
        </>
      )}
      {sub && (
        <>
          <span aria-hidden className="text-text-3">
            /
          </span>
          <span className="shrink-0">{sub === 'edit' ? t.edit : sub}</span>
        </>
      )}
    </nav>
  );
}
