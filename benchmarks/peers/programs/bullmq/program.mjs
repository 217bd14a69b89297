// BullMQ. Settings: its guide, "Concurrency", "Adding jobs in bulk", "Job schedulers", "Going to production".
//
// Concurrency 100 in one process; completed jobs stay, its default. ioredis is the client of its documentation.
// Recovery: `lockDuration` and `stalledInterval` (30 s each by default).
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { LEASE_SEC, PERIODIC, SLOTS, URL_OF_REDIS, main, tick, work } from '../../kit/peer.mjs'

const connection = new Redis(URL_OF_REDIS, { maxRetriesPerRequest: null })
const lease = LEASE_SEC ? { lockDuration: LEASE_SEC * 1000, stalledInterval: LEASE_SEC * 1000 } : {}
let queue

async function start() {
  queue = new Queue('bench', { connection })
  await queue.waitUntilReady()
}

await main({
  keeps: 'each completed job with its result (its default); acknowledged after the job',
  // The slots of a job scheduler follow its creation.
  aligned: false,
  start,
  one: (run, ms) => queue.add('job', { run, ms }),
  many: (runs, ms) => queue.addBulk(runs.map((run) => ({ name: 'job', data: { run, ms } }))),
  delayed: (run, delay) => queue.add('job', { run, ms: 0 }, { delay }),
  worker: async () => {
    const body = async (job) => (job.name === 'second' ? tick() : work(job.data.run, job.data.ms))
    new Worker('bench', body, { connection, concurrency: SLOTS, ...lease })
    if (PERIODIC) {
      await start()
      await queue.upsertJobScheduler('second', { every: 1000 }, { name: 'second' })
    }
  },
})
