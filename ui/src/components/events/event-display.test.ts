import { describe, expect, it } from 'vitest';
import { RUN_STATES } from '@/lib/run-states';
import { displayOf, reasonText, eventText } from './event-display';

describe('lookOf', () => {
  it('shows a run event as its state, and an unknown event by its type', () => {
    expect(displayOf({ type: 'run.failed', status: 'failed' })).toBe(RUN_STATES.failed);
    expect(displayOf({ type: 'run.progress', status: null }).label.id).toBe('Kemajuan');
    expect(displayOf({ type: 'something.new', status: null }).label.en).toBe('something.new');
  });
});

describe('reasonName', () => {
  it('puts the ledger’s words into the language of the reader, and leaves those of people alone', () => {
    expect(reasonText({ type: 'schedule.skipped' }, 'overlap', 'id')).toBe('run sebelumnya belum selesai');
    expect(reasonText({ type: 'queue.paused' }, 'overlap', 'id')).toBe('overlap');
    expect(reasonText({ type: 'schedule.skipped' }, 'later_reason', 'en')).toBe('later_reason');
  });
});

describe('textOf', () => {
  it('is the title of an incident in the language of the reader, and nothing for other events', () => {
    const data = { kind: 'redis_memory', text: 'Redis is full' };
    expect(eventText({ type: 'incident.opened', data })).toBe('Redis is full');
    expect(eventText({ type: 'history.purged', data })).toBe('Redis is full');
    expect(eventText({ type: 'run.progress', data })).toBeNull();
    expect(eventText({ type: 'incident.opened', data: {} })).toBeNull();
  });
});
