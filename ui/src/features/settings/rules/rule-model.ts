import type { JsonObject } from '@/components/schema-form';
import type { Schemas } from '@/lib/api/client';

type Step = Required<Schemas['AlarmRecipient']>;
/** A rule as the API returns it: with every field. */
export type Rule = Omit<Required<Schemas['NotificationRule']>, 'to'> & { to: Step[] };

/** A rule as the form holds it: texts, empty for what is left out. */
export type RuleDraft = {
  name: string;
  kinds: Rule['kinds'];
  tags: string;
  min_severity: Rule['min_severity'];
  to: { channel: Step['channel']; account_id: string; to: string; language: string }[];
  escalate: string;
  digest: string;
  hours: JsonObject;
};

export const EMPTY_STEP: RuleDraft['to'][number] = { channel: 'telegram', account_id: '', to: '', language: '' };

export function draftOf(rule: Rule | null): RuleDraft {
  return {
    name: rule?.name ?? '',
    kinds: rule?.kinds ?? [],
    tags: rule?.tags.join(', ') ?? '',
    min_severity: rule?.min_severity ?? 'warning',
    to: rule?.to.map(({ channel, account_id, to, language }) => ({ channel, account_id: account_id ?? '', to: to ?? '', language: language ?? '' })) ?? [EMPTY_STEP],
    escalate: rule?.escalate_after_min?.toString() ?? '',
    digest: rule?.digest_min?.toString() ?? '',
    hours: withoutNulls((rule?.hours ?? {}) as JsonObject),
  };
}

export function ruleOf(draft: RuleDraft): Rule {
  const minutes = (text: string) => (text.trim() === '' ? null : Number(text));
  return {
    name: draft.name.trim(),
    kinds: draft.kinds,
    tags: draft.tags.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''),
    min_severity: draft.min_severity,
    hours: Object.keys(draft.hours).length > 0 ? (draft.hours as Rule['hours']) : null,
    to: draft.to.map((step) => ({
      channel: step.channel,
      account_id: step.account_id.trim() || null,
      to: step.to.trim() || null,
      language: (step.language || null) as Step['language'],
    })),
    escalate_after_min: minutes(draft.escalate),
    digest_min: minutes(draft.digest),
  };
}

/** The rules with one saved: in its own place, or behind the others. */
export function withRule(rules: readonly Rule[], before: string | null, rule: Rule): Rule[] {
  if (before === null) return [...rules, rule];
  return rules.map((each) => (each.name === before ? rule : each));
}

export function movedUp(rules: readonly Rule[], name: string): Rule[] {
  const at = rules.findIndex((each) => each.name === name);
  const above = rules[at - 1];
  const own = rules[at];
  if (above === undefined || own === undefined) return [...rules];
  return rules.with(at - 1, own).with(at, above);
}

function withoutNulls(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([, each]) => each !== null && each !== undefined && each !== false && !(Array.isArray(each) && each.length === 0));
  return Object.fromEntries(kept) as JsonObject;
}
