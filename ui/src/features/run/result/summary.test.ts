import { describe, expect, it } from 'vitest';
import { summaryOf } from './summary';

const parts = (type: string, output: unknown, lang: 'en' | 'id' = 'en') => summaryOf(type, output, lang)?.parts.join(' · ');

describe('summaryOf', () => {
  it('says of a monitor what it saw, and for how long', () => {
    const down = { state: 'down', reason: 'status', status: 503, latency_ms: 41, detail: 'status 503, expected < 400', fails_in_a_row: 6 };
    expect(parts('monitor.http', down)).toBe('Down · HTTP 503 · 6 in a row · 41 ms');
    expect(parts('monitor.http', down, 'id')).toBe('Mati · HTTP 503 · 6 kali berturut-turut · 41 ms');
    expect(summaryOf('monitor.http', down, 'en')).toMatchObject({ tone: 'fail', detail: 'status 503, expected < 400' });
    expect(parts('monitor.http', { state: 'up', status: 200, latency_ms: 214, detail: 'status 200', fails_in_a_row: 0 })).toBe('Up · HTTP 200 · 214 ms');
    expect(parts('monitor.channel', { state: 'not_configured', detail: 'no token', fails_in_a_row: 0 })).toBe('Not set up');
    expect(parts('monitor.heartbeat', { state: 'down', fails_in_a_row: 1, held_back: 'quiet hours' })).toBe('Down · 1 in a row · alarm held back: quiet hours');
  });

  it('says of a message and of a report where it went', () => {
    const receipt = { entry_id: 'm1', channel: 'whatsapp', account_id: 'toko', to: '0812' };
    expect(parts('message.send', receipt)).toBe('Sent · whatsapp toko → 0812');
    expect(summaryOf('message.send', receipt, 'en')?.link?.href).toBe('/messages?message=m1');
    const report = { summary: '12 runs, 1 failed', delivered: { ...receipt, channel: 'sandbox', account_id: 'default', state: 'delivered', note: null }, files: ['a', 'b'] };
    expect(parts('report.daily', report)).toBe('Report: Delivered · sandbox → 0812 · 2 files');
    expect(summaryOf('report.daily', report, 'en')?.detail).toBe('12 runs, 1 failed');
  });

  it('says of a backup how much it holds, and that something is missing', () => {
    const backup = { file: 'backups/a.jsonl.gz', bytes: 12_582_912, counts: { job: 1, run: 1_204 }, unreadable: 0, removed: ['x', 'y'] };
    expect(parts('backup.export', backup)).toBe('Backup written · 12 MB · 1 job · 1,204 runs · 2 older files removed');
    expect(summaryOf('backup.export', { ...backup, unreadable: 2 }, 'en')).toMatchObject({ tone: 'retry' });
  });

  it('says of a simulation what it did', () => {
    expect(parts('simulation.load', { slept_ms: 1_200, payload: 'xxxx' })).toBe('Worked for 1.2s · returned 4 B');
  });

  it('leaves other types, and outputs of another form, to the JSON', () => {
    expect(summaryOf('shop.greet', { text: 'Halo' }, 'en')).toBeNull();
    expect(summaryOf('monitor.http', { state: 'toString' }, 'en')).toBeNull();
    expect(summaryOf('report.daily', { delivered: null }, 'en')).toBeNull();
    expect(summaryOf('simulation.load', null, 'en')).toBeNull();
  });
});
