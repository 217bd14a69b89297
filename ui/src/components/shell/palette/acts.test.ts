import { describe, expect, it } from 'vitest';
import type { Schemas } from '@/lib/api/client';
import type { Job } from '@/lib/api/queries';
import { actsOn, offeredActs, splitAct } from './acts';

const job = (job_id: string, enabled = true) => ({ job_id, enabled }) as Job;
const pausedJob = (name: string) => ({ scope: 'job', name }) as Schemas['PausedScope'];
const offered = (...args: Parameters<typeof offeredActs>) => offeredActs(...args).map(({ act, job: { job_id } }) => `${act} ${job_id}`);

describe('splitAct', () => {
  it('knows the words of both languages, alone and before a name', () => {
    expect(splitAct('pause shop monitor')).toEqual({ act: 'pause', rest: 'shop monitor' });
    expect(splitAct('Jalankan toko')).toEqual({ act: 'run', rest: 'toko' });
    expect(splitAct('lanjutkan')).toEqual({ act: 'resume', rest: '' });
  });
  it('leaves names alone that only begin like an act', () => {
    expect(splitAct('runner')).toEqual({ act: null, rest: 'runner' });
    expect(splitAct(' shop ')).toEqual({ act: null, rest: 'shop' });
    expect(splitAct('')).toEqual({ act: null, rest: '' });
  });
});

describe('offeredActs', () => {
  const [shop, mail] = [job('shop'), job('mail', false)];
  it('offers what the state of the job allows', () => {
    expect(actsOn(shop, [])).toEqual(['run', 'pause', 'disable']);
    expect(actsOn(mail, [pausedJob('mail')])).toEqual(['run', 'resume', 'enable']);
  });
  it('offers one act on all jobs found if its word was typed', () => {
    expect(offered('run', [shop, mail], undefined, [])).toEqual(['run shop', 'run mail']);
    expect(offered('enable ma', [shop, mail], undefined, [])).toEqual(['enable mail']);
    expect(offered('resume shop', [shop], undefined, [])).toEqual([]);
  });
  it('offers every act on the first job found, or on the job of the page', () => {
    expect(offered('sho', [shop, mail], undefined, [])).toEqual(['run shop', 'pause shop', 'disable shop']);
    expect(offered('', [shop], mail, [])).toEqual(['run mail', 'pause mail', 'enable mail']);
    expect(offered('', [shop], undefined, [])).toEqual([]);
  });
});
