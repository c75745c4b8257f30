/** The session on a made-up socket, clock and store: what survives, what is repeated, who is told. */
import { describe, expect, it, vi } from 'vitest'

import { Realtime, type SocketEvents } from './realtime'
import type { News, Pending } from './session-state'

function surroundings(stored: Pending[] = []) {
  const sent: Record<string, unknown>[] = []
  const kept = new Map(stored.map((message) => [message.id, message]))
  const timers = new Map<number, { ring: () => void; after: number }>()
  let events: SocketEvents | null = null
  let count = 0
  return {
    sent,
    kept,
    timers,
    opened: () => count,
    socket: () => events!,
    around: {
      open: (given: SocketEvents) => {
        count++
        events = given
        return { send: (text: string) => sent.push(JSON.parse(text) as Record<string, unknown>), close: vi.fn() }
      },
      token: () => Promise.resolve('token'),
      outbox: {
        load: () => Promise.resolve([...kept.values()]),
        store: (message: Pending) => Promise.resolve(void kept.set(message.id, message)),
        forget: (id: string) => Promise.resolve(void kept.delete(id)),
      },
      setTimer: (ring: () => void, after: number) => {
        timers.set(++count * 1000, { ring, after })
        return count * 1000
      },
      clearTimer: (timer: number) => void timers.delete(timer),
      random: () => 0,
    },
  }
}

async function connected(bench: ReturnType<typeof surroundings>): Promise<Realtime> {
  const realtime = new Realtime(bench.around)
  await realtime.start()
  await vi.waitFor(() => expect(bench.socket()).toBeTruthy())
  bench.socket().opened()
  bench.socket().heard('{"type":"ready","session":"s","cursor":1,"user":"ann"}')
  return realtime
}

describe('Realtime', () => {
  it('keeps a message in the store until the server has it', async () => {
    const bench = surroundings()
    const realtime = await connected(bench)
    realtime.take({ type: 'send', message: { id: 'a', conversation: 'c', text: 'hello', at: 1 } })
    expect(bench.kept.has('a')).toBe(true)
    expect(bench.sent.at(-1)).toEqual({ type: 'send', id: 'a', conversation: 'c', text: 'hello' })
    bench.socket().heard('{"type":"ack","id":"a","position":2}')
    expect(bench.kept.has('a')).toBe(false)
  })

  it('after a reload sends what the store still holds', async () => {
    const bench = surroundings([{ id: 'old', conversation: 'c', text: 'hello', at: 1, tries: 1, failed: false, waiting: false }])
    await connected(bench)
    expect(bench.sent.filter(({ type }) => type === 'send').map(({ id }) => id)).toEqual(['old'])
  })

  it('a listener may speak while it is told something', async () => {
    const bench = surroundings()
    const realtime = new Realtime(bench.around)
    const heard: News['type'][] = []
    realtime.subscribe((news) => {
      heard.push(news.type)
      if (news.type === 'ready') realtime.take({ type: 'watch', users: ['bo'] })
    })
    await realtime.start()
    await vi.waitFor(() => expect(bench.socket()).toBeTruthy())
    bench.socket().opened()
    bench.socket().heard('{"type":"ready","session":"s","cursor":1,"user":"ann"}')
    expect(heard).toContain('ready')
    expect(bench.sent.at(-1)).toMatchObject({ type: 'watch', users: ['bo'] })
  })

  it('frames it does not know change nothing', async () => {
    const bench = surroundings()
    const realtime = await connected(bench)
    bench.socket().heard('{"type":"something_new"}')
    bench.socket().heard('not json')
    expect(realtime.cursor()).toBe(1)
  })

  it('a store that fails costs the outbox, not the session', async () => {
    const bench = surroundings()
    bench.around.outbox.load = () => Promise.reject(new Error('no IndexedDB'))
    bench.around.outbox.store = () => Promise.reject(new Error('no IndexedDB'))
    const realtime = await connected(bench)
    realtime.take({ type: 'send', message: { id: 'a', conversation: 'c', text: 'hello', at: 1 } })
    expect(bench.sent.at(-1)).toMatchObject({ type: 'send', id: 'a' })
  })
})
