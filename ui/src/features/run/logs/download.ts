import { MAX_LINES, START, readLog, type LogLine } from './log-follower';
import { logJsonLines, logText } from './log-lines';

export type LogFormat = 'log' | 'jsonl';

/** Reads all parts of a log and saves them as a file. */
export async function downloadLog(runId: string, format: LogFormat): Promise<void> {
  const lines: LogLine[] = [];
  let after = START;
  for (let hasMore = true; hasMore; ) {
    const part = await readLog(runId, after, MAX_LINES);
    lines.push(...part.lines);
    after = part.next;
    hasMore = part.hasMore;
  }
  const text = format === 'log' ? logText(lines) : logJsonLines(lines);
  const type = format === 'log' ? 'text/plain;charset=utf-8' : 'application/x-ndjson';
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${runId.replaceAll(/[^A-Za-z0-9._-]+/g, '_')}.${format}`;
  link.click();
  URL.revokeObjectURL(address);
}
