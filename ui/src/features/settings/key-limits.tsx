'use client';

import { Field, Input } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import { keyTranslations } from './key-translations';
import type { Role } from './queries';

/** What a person has typed: entries between blanks or commas. */
export type Limits = { scope: string; addresses: string };

export const NO_LIMITS: Limits = { scope: '', addresses: '' };

/** The entries of a text; without any, an empty list: no limit. */
export function entriesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((entry) => entry !== ''))];
}

/** The limits of a new key as the API takes them; an admin key has no scope. */
export function limitsOf(limits: Limits, role: Role) {
  return { scope: role === 'admin' ? [] : entriesOf(limits.scope), addresses: entriesOf(limits.addresses) };
}

/** The jobs that a new key reaches, and the addresses that may use it. */
export function LimitFields({ role, value, onChange }: { role: Role; value: Limits; onChange: (value: Limits) => void }) {
  const t = useTranslations(keyTranslations);
  return (
    <>
      {role !== 'admin' && (
        <Field label={t.scope} hint={t.scopeHint}>
          {(ids) => (
            <Input
              {...ids}
              value={value.scope}
              placeholder="tag:shop job:shop-"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => onChange({ ...value, scope: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label={t.addresses} hint={t.addressesHint}>
        {(ids) => (
          <Input
            {...ids}
            value={value.addresses}
            placeholder="10.0.0.0/8"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ ...value, addresses: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

/** The limits of a key in lists; nothing for a key without limits. */
export function KeyLimits({ of: key }: { of: { scope: readonly string[]; addresses: readonly string[] } }) {
  const t = useTranslations(keyTranslations);
  const entries = [...key.scope, ...key.addresses];
  if (entries.length === 0) return <span className="text-text-3">{t.noLimits}</span>;
  return (
    <code className="block truncate font-mono text-xs text-text-2" title={entries.join('\n')}>
      {entries.join(' ')}
    </code>
  );
}
