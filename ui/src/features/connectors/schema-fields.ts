import type { Schemas } from '@/lib/api';
import type { Lang } from '@/lib/i18n';
import { FIELD_WORDS } from './field-words';
import type { Account, Channel } from './queries';

export type AccountField = {
  part: 'settings' | 'secrets';
  name: string;
  label: string;
  hint: string | undefined;
  kind: 'text' | 'number' | 'switch' | 'choice' | 'json';
  choices: string[];
  isRequired: boolean;
  /** A secret that is stored already: it stays where nothing is entered. */
  isStored: boolean;
};

type Schema = {
  type?: string;
  title?: string;
  description?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
};

function kindOf(schema: Schema): AccountField['kind'] {
  const real = schema.anyOf?.find((each) => each.type !== 'null') ?? schema;
  if (real.enum) return 'choice';
  if (real.type === 'boolean') return 'switch';
  if (real.type === 'integer' || real.type === 'number') return 'number';
  return real.type === 'string' ? 'text' : 'json';
}

/** What is to be filled in for an account of a channel, as its JSON Schemas say, what is required first. */
export function fieldsOf(channel: Channel, account: Account | undefined, lang: Lang): AccountField[] {
  const of = (part: AccountField['part']): AccountField[] => {
    const schema = channel[`${part}_schema`] as Schema;
    return Object.entries(schema.properties ?? {}).map(([name, field]) => {
      const words = FIELD_WORDS[`${channel.channel}.${name}`];
      const isStored = part === 'secrets' && account?.has_secret[name] === true;
      return {
        part,
        name,
        label: words?.label[lang] ?? field.title ?? name,
        hint: words?.hint[lang] ?? field.description,
        kind: kindOf(field),
        choices: (field.anyOf?.find((each) => each.enum) ?? field).enum?.map(String) ?? [],
        isRequired: schema.required?.includes(name) === true && !isStored,
        isStored,
      };
    });
  };
  const all = [...of('settings'), ...of('secrets')];
  return [...all.filter((each) => each.isRequired || each.isStored), ...all.filter((each) => !each.isRequired && !each.isStored)];
}

export type Entered = Record<string, string>;

export const fieldKey = (field: Pick<AccountField, 'part' | 'name'>): string => `${field.part}/${field.name}`;

/** What the fields show at first: settings as they are stored, secrets never. */
export function startOf(fields: readonly AccountField[], account: Account | undefined): Entered {
  const entered: Entered = {};
  for (const field of fields) {
    const stored = field.part === 'settings' ? account?.settings[field.name] : undefined;
    entered[fieldKey(field)] =
      stored === undefined || stored === null ? '' : typeof stored === 'string' ? stored : JSON.stringify(stored);
  }
  return entered;
}

/** A value as its schema wants it; what can't be read so goes as text, and the server says what is wrong. */
function valueOf(kind: AccountField['kind'], text: string): unknown {
  if (kind === 'text' || kind === 'choice') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What is to be saved of what was entered; a secret that was left empty is left out and so stays stored. */
export function partsOf(
  fields: readonly AccountField[],
  entered: Entered,
): Required<Pick<Schemas['AccountRequest'], 'settings' | 'secrets'>> {
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  for (const field of fields) {
    const text = (entered[fieldKey(field)] ?? '').trim();
    if (text === '') continue;
    if (field.part === 'secrets') secrets[field.name] = text;
    else settings[field.name] = valueOf(field.kind, text);
  }
  return { settings, secrets };
}
