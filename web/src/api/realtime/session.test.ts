/** The session machine, driven by hand: connecting, resuming, resetting, sending under one id. */
import { describe, expect, it } from 'vitest'

import type { Message } from '../types'
import type { ClientFrame } from './frames'
import { initialSession, type Input, type News, type Output, type SessionState } from './session-state'
import { step } from './session'

class Bench {
  state: SessionState = initialSession
  last: Output[] = []
  all: Output[] = []

  give(...inputs: Input[]): this {
    this.last = []
    for (const input of inputs) {
      const [state, outputs] = step(this.state, input, { random: 0.5 })
      this.state = state
      this.last.push(...outputs)
    }
    this.all.push(...this.last)
    return this
  }

  frames(): ClientFrame[] {
    return this.last.flatMap((output) => (output.type === 'transmit' ? [output.frame] : []))
  }

  sends(): string[] {
    return this.frames().flatMap((frame) => (frame.type === 'send' ? [frame.id] : []))
  }

  news(): News[] {
    return this.last.flatMap((output) => (output.type === 'tell' ? [output.news] : []))
  }

  delay(timer: string): number | undefined {
    return this.last.findLast((output) => output.type === 'set_timer' && output.timer === timer && output)?.type === 'set_timer'
      ? (this.last.findLast((output) => output.type === 'set_timer' && output.timer === timer) as { after: number }).after
      : undefined
  }

  /** From wherever it is to a standing connection. */
  connect(cursor: number): this {
    this.give({ type: this.state.phase === 'stopped' ? 'start' : 'reconnect_now' })
    this.give({ type: 'authorised', token: 't' })
    const { socket } = this.state
    this.give({ type: 'opened', socket })
    const hello = this.frames()
    this.give({ type: 'heard', socket, frame: { type: 'ready', session: 's', cursor } })
    this.all.push(...hello.map((frame): Output => ({ type: 'transmit', frame })))
    return this
  }

  hear(frame: Extract<Input, { type: 'heard' }>['frame']): this {
    return this.give({ type: 'heard', socket: this.state.socket, frame })
  }

  drop(code = 1006): this {
    return this.give({ type: 'closed', socket: this.state.socket, code })
  }
}

function event(cursor: number, id = `m${cursor}`): Extract<Input, { type: 'heard' }>['frame'] {
  const message = { id, conversation: 'c', author: 'bo', position: cursor, text: 'x', posted_at: '', reply_count: 0, reactions: [], files: [] } satisfies Message
  return { type: 'event', cursor, event: { type: 'message_posted', position: cursor, at: '', message } }
}

const draft = (id: string) => ({ id, conversation: 'c', text: id, at: 1 })
const helloOf = (bench: Bench) => bench.all.findLast((output) => output.type === 'transmit' && output.frame.type === 'hello') as Extract<Output, { type: 'transmit' }>

describe('connecting', () => {
  it('asks for a token, opens, says hello without a cursor, and takes the server’s place', () => {
    const bench = new Bench().give({ type: 'start' })
    expect(bench.last).toContainEqual({ type: 'obtain_token', renew: false })
    bench.connect(7)
    expect(helloOf(bench).frame).toEqual({ type: 'hello', token: 't' })
    expect(bench.state).toMatchObject({ phase: 'live', cursor: 7 })
  })

  it('waits 1, 2, 4 … 30 seconds with full jitter while nobody answers', () => {
    const bench = new Bench().give({ type: 'start' })
    const delays: (number | undefined)[] = []
    for (let attempt = 0; attempt < 7; attempt++) {
      bench.give({ type: 'unauthorised' })
      delays.push(bench.delay('reconnect'))
      bench.give({ type: 'rang', timer: 'reconnect' })
    }
    // The bench's chance is one half.
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000])
  })

  it('a connection that held for a while starts the back-off anew', () => {
    const bench = new Bench().connect(1)
    bench.drop().give({ type: 'rang', timer: 'reconnect' }, { type: 'unauthorised' })
    expect(bench.state.attempt).toBeGreaterThan(1)
    bench.connect(1).give({ type: 'rang', timer: 'settled' })
    expect(bench.drop().delay('reconnect')).toBe(500)
  })

  it('a silent connection is given up: no ready, or no answer to a ping', () => {
    const greeting = new Bench().give({ type: 'start' }, { type: 'authorised', token: 't' })
    greeting.give({ type: 'rang', timer: 'patience' })
    expect(greeting.state.phase).toBe('waiting')
    const live = new Bench().connect(1).give({ type: 'rang', timer: 'ping' })
    expect(live.frames()[0]?.type).toBe('ping')
    live.give({ type: 'rang', timer: 'pong' })
    expect(live.last).toContainEqual({ type: 'close' })
    expect(live.state.phase).toBe('waiting')
  })

  it('a pong, like any frame, proves the connection', () => {
    const bench = new Bench().connect(1).give({ type: 'rang', timer: 'ping' })
    expect(bench.hear({ type: 'pong' }).last).toContainEqual({ type: 'clear_timer', timer: 'pong' })
  })

  it('a restarting server says when to come back', () => {
    const bench = new Bench().connect(1).hear({ type: 'closing', retry_after_ms: 4000 })
    expect(bench.drop(1012).delay('reconnect')).toBe(4500)
  })

  it('a spent token is replaced before the next try', () => {
    const bench = new Bench().connect(1).drop(4001)
    bench.give({ type: 'rang', timer: 'reconnect' })
    expect(bench.last).toContainEqual({ type: 'obtain_token', renew: true })
  })

  it('a new token reaches the standing connection, the same one does not', () => {
    const bench = new Bench().connect(1)
    expect(bench.give({ type: 'authorised', token: 't' }).frames()).toEqual([])
    expect(bench.give({ type: 'authorised', token: 'newer' }).frames()).toMatchObject([{ type: 'token', token: 'newer' }])
  })

  it('what an old connection still says is not heard', () => {
    const bench = new Bench().connect(1)
    const old = bench.state.socket
    bench.drop().connect(1)
    bench.give({ type: 'heard', socket: old, frame: event(2) }, { type: 'closed', socket: old, code: 1006 })
    expect(bench.state).toMatchObject({ phase: 'live', cursor: 1 })
  })

  it('coming online connects at once instead of waiting', () => {
    const bench = new Bench().connect(1).drop()
    expect(bench.give({ type: 'network', online: true }).last).toContainEqual({ type: 'obtain_token', renew: false })
  })

  it('losing the network probes the connection instead of believing it', () => {
    const bench = new Bench().connect(1).give({ type: 'network', online: false })
    expect(bench.frames()[0]?.type).toBe('ping')
    expect(bench.state.phase).toBe('live')
  })

  it('stops for good', () => {
    const bench = new Bench().connect(1).give({ type: 'stop' })
    expect(bench.last).toContainEqual({ type: 'close' })
    expect(bench.drop().give({ type: 'rang', timer: 'reconnect' }).state.phase).toBe('stopped')
  })
})

describe('resuming', () => {
  it('D11 comes back with the last position heard, and keeps it until events move it', () => {
    const bench = new Bench().connect(5).hear(event(6))
    bench.drop().connect(20)
    expect(helloOf(bench).frame).toMatchObject({ cursor: 6 })
    expect(bench.state.cursor).toBe(6)
    expect(bench.hear(event(7)).news()).toContainEqual(expect.objectContaining({ type: 'event' }))
  })

  it('a pong moves the place on, so that quiet hours are not asked for again', () => {
    const bench = new Bench().connect(5).hear({ type: 'pong', cursor: 900 }).hear({ type: 'pong', cursor: 7 }).hear({ type: 'pong' })
    expect(bench.state.cursor).toBe(900)
    bench.drop().connect(1000)
    expect(helloOf(bench).frame).toMatchObject({ cursor: 900 })
  })

  it('A14 an event heard twice is told once', () => {
    const bench = new Bench().connect(5).hear(event(6))
    expect(bench.hear(event(6)).news()).toEqual([])
    expect(bench.hear(event(5)).news()).toEqual([])
  })

  it('a reset comes after ready: the server’s place is taken, be it behind ours, and events from there are heard', () => {
    const bench = new Bench().connect(5).hear(event(90))
    bench.drop().connect(20)
    expect(bench.state.cursor).toBe(90)
    expect(bench.hear({ type: 'reset', reason: 'unknown_cursor' }).news()).toEqual([{ type: 'reset', cursor: 20 }])
    expect(bench.state.cursor).toBe(20)
    expect(bench.hear(event(20)).news()).toEqual([])
    expect(bench.hear(event(21)).news()).toContainEqual(expect.objectContaining({ type: 'event' }))
    bench.drop().connect(30)
    expect(helloOf(bench).frame).toMatchObject({ cursor: 21 })
  })

  it('after too long away the server’s place, ahead of ours, is taken too', () => {
    const bench = new Bench().connect(5).drop().connect(20_000)
    expect(bench.hear({ type: 'reset', reason: 'too_far_behind' }).news()).toEqual([{ type: 'reset', cursor: 20_000 }])
    expect(bench.state.cursor).toBe(20_000)
  })

  it('a reset goes on from the ready of its own connection', () => {
    const bench = new Bench().connect(5).drop().connect(3).drop().connect(4)
    expect(bench.hear({ type: 'reset', reason: 'unknown_cursor' }).news()).toEqual([{ type: 'reset', cursor: 4 }])
  })

  it('a reset before ready would be told with it, and the server’s place taken', () => {
    const bench = new Bench().connect(5).drop()
    bench.give({ type: 'reconnect_now' }, { type: 'authorised', token: 't' })
    bench.give({ type: 'opened', socket: bench.state.socket })
    bench.hear({ type: 'reset', reason: 'too_far_behind' })
    bench.hear({ type: 'ready', session: 's', cursor: 20_000 })
    expect(bench.news()).toContainEqual({ type: 'reset', cursor: 20_000 })
    expect(bench.state).toMatchObject({ cursor: 20_000, resetDue: false })
    expect(bench.hear(event(20_001)).news()).not.toContainEqual(expect.objectContaining({ type: 'reset' }))
  })

  it('asks again for what was asked for: people, reads, being away', () => {
    const bench = new Bench().connect(1)
    bench.give({ type: 'watch', users: ['bo'] }, { type: 'presence', state: 'away' }, { type: 'read', conversation: 'c', position: 3 })
    bench.drop().connect(1)
    expect(bench.frames().map(({ type }) => type)).toEqual(['read', 'watch', 'presence'])
  })

  it('a confirmed read is not repeated', () => {
    const bench = new Bench().connect(1).give({ type: 'read', conversation: 'c', position: 3 })
    const [read] = bench.frames()
    bench.hear({ type: 'ack', id: (read as { id: string }).id, position: 4 }).drop().connect(4)
    expect(bench.frames()).toEqual([])
  })
})

describe('sending', () => {
  it('A05 B13 sends at once, stores until acknowledged, then forgets', () => {
    const bench = new Bench().connect(1).give({ type: 'send', message: draft('a') })
    expect(bench.sends()).toEqual(['a'])
    expect(bench.last).toContainEqual(expect.objectContaining({ type: 'store' }))
    bench.hear({ type: 'ack', id: 'a', position: 2 })
    expect(bench.last).toContainEqual({ type: 'forget', id: 'a' })
    expect(bench.news()).toMatchObject([{ type: 'sent', position: 2 }])
    expect(bench.state.outbox).toEqual([])
  })

  it('unanswered messages go out again after a reconnect, in order, under the same ids', () => {
    const bench = new Bench().connect(1)
    bench.give({ type: 'send', message: draft('a') }, { type: 'send', message: draft('b') }).drop()
    bench.give({ type: 'send', message: draft('c') })
    expect(bench.sends()).toEqual([])
    expect(bench.connect(1).sends()).toEqual(['a', 'b', 'c'])
  })

  it('after a reload the stored ones go out under the same ids, oldest first; a failed one waits for the person', () => {
    const stored = (id: string, at: number, failed = false) => ({ ...draft(id), at, tries: 1, failed, waiting: false })
    const bench = new Bench().give({ type: 'restored', outbox: [stored('late', 9), stored('early', 2), stored('dead', 1, true)] })
    expect(bench.news().map(({ type }) => type)).toEqual(['failed', 'queued', 'queued'])
    expect(bench.connect(1).sends()).toEqual(['early', 'late'])
  })

  it('one’s own event answers a send whose acknowledgement was lost', () => {
    const bench = new Bench().connect(1).give({ type: 'send', message: draft('a') }).hear(event(2, 'a'))
    expect(bench.state.outbox).toEqual([])
    expect(bench.drop().connect(2).sends()).toEqual([])
  })

  it('no answer for ten seconds: failed; trying again uses the same id', () => {
    const bench = new Bench().connect(1).give({ type: 'send', message: draft('a') })
    expect(bench.delay('send:a')).toBe(10_000)
    bench.give({ type: 'rang', timer: 'send:a' })
    expect(bench.news()).toMatchObject([{ type: 'failed', problem: null }])
    bench.give({ type: 'retry', id: 'a' })
    expect(bench.sends()).toEqual(['a'])
    expect(bench.hear({ type: 'ack', id: 'a', position: 2 }).news()).toMatchObject([{ type: 'sent' }])
  })

  it('a late answer to a failed message still counts', () => {
    const bench = new Bench().connect(1).give({ type: 'send', message: draft('a') }, { type: 'rang', timer: 'send:a' })
    expect(bench.hear({ type: 'ack', id: 'a', position: 2 }).news()).toMatchObject([{ type: 'sent' }])
  })

  it('a passing refusal is tried three times with back-off, then left to the person', () => {
    const busy = { type: 'error', id: 'a', problem: { status: 503, code: 'event_store_unavailable', title: '' } } as const
    const bench = new Bench().connect(1).give({ type: 'send', message: draft('a') })
    expect(bench.hear(busy).delay('send:a')).toBe(1000)
    expect(bench.give({ type: 'rang', timer: 'send:a' }).sends()).toEqual(['a'])
    expect(bench.hear(busy).delay('send:a')).toBe(2000)
    bench.give({ type: 'rang', timer: 'send:a' })
    expect(bench.hear(busy).news()).toMatchObject([{ type: 'failed', problem: { code: 'event_store_unavailable' } }])
  })

  it('a final refusal fails at once', () => {
    const bench = new Bench().connect(1).give({ type: 'send', message: draft('a') })
    bench.hear({ type: 'error', id: 'a', problem: { status: 404, code: 'conversation_not_found', title: '' } })
    expect(bench.news()).toMatchObject([{ type: 'failed' }])
  })

  it('a message that three connections could not deliver is left to the person', () => {
    const bench = new Bench().connect(1).give({ type: 'send', message: draft('a') })
    bench.drop().connect(1).drop().connect(1).drop().connect(1)
    expect(bench.sends()).toEqual([])
    expect(bench.news()).toContainEqual(expect.objectContaining({ type: 'failed' }))
  })

  it('a discarded message is gone, also from the store', () => {
    const bench = new Bench().give({ type: 'send', message: draft('a') }, { type: 'discard', id: 'a' })
    expect(bench.last).toContainEqual({ type: 'forget', id: 'a' })
    expect(bench.connect(1).sends()).toEqual([])
  })

  it('the same id given twice is sent once', () => {
    const bench = new Bench().connect(1).give({ type: 'send', message: draft('a') }, { type: 'send', message: draft('a') })
    expect(bench.sends()).toEqual(['a'])
  })

  it('C05 E04 typing is told while connected and never kept', () => {
    const bench = new Bench().give({ type: 'typing', conversation: 'c' }).connect(1)
    expect(bench.frames()).toEqual([])
    expect(bench.give({ type: 'typing', conversation: 'c' }).frames()).toEqual([{ type: 'typing', conversation: 'c' }])
  })
})
