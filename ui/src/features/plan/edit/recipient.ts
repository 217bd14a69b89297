import { isObject, resolve, type Json, type JsonObject, type JsonSchema } from '@/components/schema-form/schema';

/** Where a job's messages go. An empty text: not named, so a default of the account or the deployment is used. */
export type Recipient = { channel: string; account_id: string; to: string };

/** How the inputs of a type name the recipient: below `notify`, in fields of their own, or not at all. */
export type RecipientPlace = 'notify' | 'inputs' | null;

const NAMES = ['channel', 'account_id', 'to'] as const;

/** The place of the recipient, by the schema of the type's inputs. */
export function recipientPlace(schema: JsonSchema | undefined): RecipientPlace {
  const properties = schema?.properties ?? {};
  if (properties.to && properties.channel) return 'inputs';
  const notify = properties.notify && schema ? resolve(properties.notify, schema) : undefined;
  return notify?.properties?.channel ? 'notify' : null;
}

/** The recipient that the inputs name. */
export function recipientOf(inputs: JsonObject, place: RecipientPlace): Recipient {
  const from = place === 'notify' ? inputs.notify : inputs;
  const named = isObject(from) ? from : {};
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');
  return { channel: text(named.channel), account_id: text(named.account_id), to: text(named.to) };
}

/** The inputs that change for another recipient: null removes one. Without a channel a default is used. */
export function recipientEdit(place: RecipientPlace, recipient: Recipient): JsonObject {
  const isOpen = recipient.channel === '';
  const fields = NAMES.map((name) => [name, isOpen ? null : recipient[name].trim() || null] as const);
  if (place !== 'notify') return Object.fromEntries(fields);
  return { notify: isOpen ? null : Object.fromEntries(fields.filter(([, value]) => value !== null)) };
}
