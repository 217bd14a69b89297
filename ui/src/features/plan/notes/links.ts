/** A piece of a message: plain text, or a command that can be copied. */
export type TextPart = { text: string; isCommand: boolean };

/** A page of the dashboard that a message is about. What fixes a problem is in the actions of its note. */
export type NoteLink = { href: string; place: 'inbox' | 'job' };

// Backquoted commands end with their quote; bare ones are of these few forms.
const COMMAND = /`(multi-job [^`]+)`|(multi-job connect \S+ [^\s.,;]+|multi-job notify set)/g;
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

/** The pages that a message is about, each once. */
export function linksOf(message: string): NoteLink[] {
  const links: NoteLink[] = [];
  if (message.includes('/connectors/sandbox/messages')) links.push({ href: '/messages?tab=sandbox', place: 'inbox' });
  for (const [, job = ''] of message.matchAll(JOB)) {
    if (!PLACEHOLDERS.has(job)) links.push({ href: `/jobs/${encodeURIComponent(job)}`, place: 'job' });
  }
  return links.filter((each, index) => links.findIndex((other) => other.href === each.href) === index);
}
