import { describe, expect, it } from 'vitest';
import { RUN_STATES } from '@/lib/states';
import { lookOf, reasonName, textOf } from './look';

describe('lookOf', () => {
  it('shows a change of a run as its state, and what is not known by its name', () => {
    expect(lookOf({ type: 'run.failed', status: 'failed' })).toBe(RUN_STATES.failed);
    expect(lookOf({ type: 'run.progress', status: null }).label.id).toBe('Kemajuan');
    expect(lookOf({ type: 'something.new', status: null }).label.en).toBe('something.new');
  });
});

describe('reasonName', () => {
  it('puts the ledger’s words into the language of the reader, and leaves those of people alone', () => {
    expect(reasonName({ type: 'schedule.skipped' }, 'overlap', 'id')).toBe('run sebelumnya belum selesai');
    expect(reasonName({ type: 'queue.paused' }, 'overlap', 'id')).toBe('overlap');
    expect(reasonName({ type: 'schedule.skipped' }, 'later_reason', 'en')).toBe('later_reason');
  });
});

describe('textOf', () => {
  it('is the text of an alarm in the language of the reader, and nothing for other events', () => {
    const data = { name: 'redis_memory', text: 'Redis is full / Redis penuh' };
    expect(textOf({ type: 'alarm', data }, 'id')).toBe('Redis penuh');
    expect(textOf({ type: 'history.purged', data }, 'en')).toBe('Redis is full');
    expect(textOf({ type: 'run.progress', data }, 'en')).toBeNull();
    expect(textOf({ type: 'alarm', data: {} }, 'en')).toBeNull();
  });
});
