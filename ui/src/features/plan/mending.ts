/** A piece of a message: plain text, or a command that can be copied. */
export type Piece = { text: string; isCommand: boolean };

/** Where the dashboard mends what a message tells of. */
export type Mend = { href: string; place: 'connect' | 'notify' | 'inbox' | 'job' };

// Backquoted commands end with their quote; bare ones are of these few forms.
const COMMAND = /`(multi-job [^`]+)`|(multi-job connect \S+ [^\s.,;]+|multi-job notify set)/g;
const CONNECT = /multi-job connect (\S+) ([^\s.,;`]+)/g;
const JOB = /multi-job (?:enable|disable) ([^\s.,;`]+(?:\.[^\s.,;`]+)*)/g;
const PLACEHOLDERS: ReadonlySet<string> = new Set(['NAME', 'NAMA', 'ID', 'RECIPIENT']);

/** A message cut at the commands in it. */
export function piecesOf(message: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of message.matchAll(COMMAND)) {
    if (match.index > at) pieces.push({ text: message.slice(at, match.index), isCommand: false });
    pieces.push({ text: match[1] ?? match[2] ?? '', isCommand: true });
    at = match.index + match[0].length;
  }
  if (at < message.length) pieces.push({ text: message.slice(at), isCommand: false });
  return pieces;
}

/** The pages that mend what a message tells of, each once. */
export function mendsOf(message: string): Mend[] {
  const mends: Mend[] = [];
  for (const [, channel = '', name = ''] of message.matchAll(CONNECT)) {
    const account = PLACEHOLDERS.has(name) ? '' : `:${name}`;
    mends.push({ href: `/connectors?connect=${encodeURIComponent(channel + account)}`, place: 'connect' });
  }
  if (message.includes('multi-job notify set')) mends.push({ href: '/settings#notify', place: 'notify' });
  if (message.includes('/connectors/sandbox/messages')) mends.push({ href: '/messages?tab=sandbox', place: 'inbox' });
  for (const [, job = ''] of message.matchAll(JOB)) {
    if (!PLACEHOLDERS.has(job)) mends.push({ href: `/jobs/${encodeURIComponent(job)}`, place: 'job' });
  }
  return mends.filter((each, index) => mends.findIndex((other) => other.href === each.href) === index);
}
