// The same as peer.py, for programs of Node.js: the job's body, and the command loop of a producer.
import { closeSync, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const env = process.env
export const URL_OF_REDIS = env.PEER_URL
export const SLOTS = Number(env.PEER_SLOTS ?? '100')
export const PERIODIC = env.PEER_PERIODIC === '1'
export const LEASE_SEC = Number(env.PEER_LEASE_SEC ?? '0')
const BULK = 1000

let file
function mark(kind, run) {
  file ??= openSync(`${env.PEER_MARKS}/${env.PEER_WORKER}`, 'a', 0o600)
  const at = process.hrtime.bigint().toString().padStart(20, '0')
  writeSync(file, `${kind} ${String(run).padStart(10, '0')} ${at}\n`)
}

export async function work(run, ms) {
  if (ms) {
    mark('S', run)
    await sleep(ms)
  }
  mark('E', run)
}

export function tick() {
  mark('T', Math.round((performance.timeOrigin + performance.now()) * 1000) % 10_000_000_000)
}

async function timed(task) {
  const began = process.hrtime.bigint()
  const used = process.cpuUsage()
  await task()
  const cpu = process.cpuUsage(used)
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9, cpu_sec: (cpu.user + cpu.system) / 1e6 }
}

function commands(program) {
  const range = async (first, count, ms) => {
    for (let run = first; run < first + count; run++) await program.one(run, ms)
  }
  return {
    single: ({ first, count, ms }) => timed(() => range(first, count, ms)),
    at_once: ({ first, count, ms, tasks }) => {
      const share = Math.floor(count / tasks)
      return timed(() => Promise.all(Array.from({ length: tasks }, (_, task) => range(first + task * share, share, ms))))
    },
    bulk: ({ first, count, ms }) =>
      timed(async () => {
        for (let start = first; start < first + count; start += BULK) {
          const length = Math.min(BULK, first + count - start)
          await program.many(Array.from({ length }, (_, index) => start + index), ms)
        }
      }),
    paced: async ({ first, count, every_ms }) => {
      const sent = []
      const began = performance.now()
      for (let number = 0; number < count; number++) {
        await sleep(Math.max(0, began + number * every_ms - performance.now()))
        sent.push(Number(process.hrtime.bigint()))
        await program.one(first + number, 0)
      }
      return { sent }
    },
    delayed: async ({ first, delays_ms }) => {
      const due = []
      for (const [number, delay] of delays_ms.entries()) {
        due.push(Number(process.hrtime.bigint()) + delay * 1e6)
        await program.delayed(first + number, delay)
      }
      return { due }
    },
  }
}

export async function main(program) {
  if (process.argv[2] !== 'producer') return program[process.argv[2]]()
  const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)
  await program.start?.()
  answer({ cannot: program.cannot ?? {}, keeps: program.keeps, scheduler: false, aligned: program.aligned ?? true, slots: null })
  const known = commands(program)
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...rest } = JSON.parse(line)
    answer(await known[name](rest))
  }
  if (file) closeSync(file)
  process.exit(0)
}
