/** A piece of a message: plain text, or a command that can be copied. */
export type TextPart = { text: string; isCommand: boolean };

/** A page of the dashboard that fixes the problem of a message. */
export type Remedy = { href: string; place: 'connect' | 'notify' | 'inbox' | 'job' };

// Backquoted commands end with their quote; bare ones are of these few forms.
const COMMAND = /`(multi-job [^`]+)`|(multi-job connect \S+ [^\s.,;]+|multi-job notify set)/g;
const CONNECT = /multi-job connect (\S+) ([^\s.,;`]+)/g;
const JOB = /multi-job (?:enable|disable) ([^\s.,;`]+(?:\.[^\s.,;`]+)*)/g;
const PLACEHOLDERS: ReadonlySet<string> = new Set(['NAME', 'NAMA', 'ID', 'RECIPIENT']);

/** A message split at its commands. */
export function splitCommands(message: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of message.matchAll(COMMAND)) {
    if (match.index > at) parts.push({ text: message.slice(at, match.index), isCommand: false });
    parts.push({ text: match[1] ?? match[2] ?? '', isCommand: true });
    at = match.index + match[0].length;
  }
  if (at < message.length) parts.push({ text: message.slice(at), isCommand: false });
  return parts;
}

/** The pages that fix the problems of a message, each once. */
export function remediesOf(message: string): Remedy[] {
  const remedies: Remedy[] = [];
  for (const [, channel = '', name = ''] of message.matchAll(CONNECT)) {
    const account = PLACEHOLDERS.has(name) ? '' : `:${name}`;
    remedies.push({ href: `/connectors?connect=${encodeURIComponent(channel + account)}`, place: 'connect' });
  }
  if (message.includes('multi-job notify set')) remedies.push({ href: '/settings#notify', place: 'notify' });
  if (message.includes('/connectors/sandbox/messages')) remedies.push({ href: '/messages?tab=sandbox', place: 'inbox' });
  for (const [, job = ''] of message.matchAll(JOB)) {
    if (!PLACEHOLDERS.has(job)) remedies.push({ href: `/jobs/${encodeURIComponent(job)}`, place: 'job' });
  }
  return remedies.filter((each, index) => remedies.findIndex((other) => other.href === each.href) === index);
}
