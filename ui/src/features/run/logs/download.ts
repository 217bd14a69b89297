import { MAX_LINES, START, readLog, type LogLine } from './log-follower';
import { logJsonLines, logText } from './log-lines';
import { mergeLines } from './run-lines';

export type LogFormat = 'log' | 'jsonl';

/** Reads all parts of a log and saves them as a file, with the lines of the platform about the run. */
export async function downloadLog(runId: string, ofRun: Parameters<typeof mergeLines>[1], format: LogFormat): Promise<void> {
  const lines: LogLine[] = [];
  let after = START;
  for (let hasMore = true; hasMore; ) {
    const part = await readLog(runId, after, MAX_LINES);
    lines.push(...part.lines);
    after = part.next;
    hasMore = part.hasMore;
  }
  const merged = mergeLines(lines, ofRun);
  const text = format === 'log' ? logText(merged) : logJsonLines(merged);
  const type = format === 'log' ? 'text/plain;charset=utf-8' : 'application/x-ndjson';
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${runId.replaceAll(/[^A-Za-z0-9._-]+/g, '_')}.${format}`;
  link.click();
  URL.revokeObjectURL(address);
}
