/** The realtime session as a pure state machine: old state and an input give the new state and what to do. No I/O, no clock. */
import type { ServerFrame } from './frames'
import * as outbox from './outbox'
import type { Input, Output, SessionState, TimerName } from './session-state'
import { type Chance, Turn } from './turn'

const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 30_000
/** A connection that has not become ready by then is given up. */
const GREETING_PATIENCE_MS = 10_000
/** A connection that lived this long was a good one: the back-off starts anew. */
const SETTLED_AFTER_MS = 5_000
const PING_EVERY_MS = 25_000
const PONG_PATIENCE_MS = 10_000
/** When the browser says the network is gone, a probe decides quickly: loopback may well be alive. */
const PROBE_PATIENCE_MS = 2_000

const connectionTimers: TimerName[] = ['patience', 'settled', 'ping', 'pong']

export function step(state: SessionState, input: Input, chance: Chance): [SessionState, Output[]] {
  const turn = new Turn(state, chance)
  take(turn, input)
  return [turn.state, turn.outputs]
}

function take(turn: Turn, input: Input): void {
  switch (input.type) {
    case 'start':
      if (turn.state.phase === 'stopped') connect(turn)
      return
    case 'stop':
      return stop(turn)
    case 'restored':
      return outbox.restore(turn, input.outbox)
    case 'authorised':
      return authorised(turn, input.token)
    case 'unauthorised':
      if (turn.state.phase === 'authorising') lose(turn)
      return
    case 'opened':
      if (input.socket === turn.state.socket && turn.state.phase === 'connecting') greet(turn)
      return
    case 'heard':
      if (input.socket === turn.state.socket) hear(turn, input.frame)
      return
    case 'closed':
      if (input.socket === turn.state.socket) closed(turn, input.code)
      return
    case 'rang':
      return rang(turn, input.timer)
    case 'network':
      return input.online ? hurry(turn) : probe(turn)
    case 'reconnect_now':
      return hurry(turn)
    default:
      return speak(turn, input)
  }
}

type Spoken = Extract<Input, { type: 'send' | 'retry' | 'discard' | 'read' | 'typing' | 'presence' | 'watch' }>

/** What the person does; what cannot be said now is kept for later, except typing, which would then be untrue. */
function speak(turn: Turn, input: Spoken): void {
  switch (input.type) {
    case 'send':
      return outbox.send(turn, input.message)
    case 'retry':
      return outbox.retry(turn, input.id)
    case 'discard':
      return outbox.discard(turn, input.id)
    case 'read':
      turn.set({ reads: { ...turn.state.reads, [input.conversation]: input.position } })
      if (turn.isLive) transmitRead(turn, input.conversation, input.position)
      return
    case 'typing':
      if (turn.isLive) turn.transmit({ type: 'typing', conversation: input.conversation })
      return
    case 'presence':
      turn.set({ presence: input.state })
      if (turn.isLive) turn.transmit({ type: 'presence', id: turn.commandId(), state: input.state })
      return
    case 'watch':
      turn.set({ watched: input.users })
      if (turn.isLive) turn.transmit({ type: 'watch', id: turn.commandId(), users: input.users })
  }
}

function connect(turn: Turn, renew = false): void {
  turn.cancel('reconnect')
  turn.enter('authorising')
  turn.put({ type: 'obtain_token', renew })
}

/** A token arrived: it opens a connection, or keeps the present one from running out. */
function authorised(turn: Turn, token: string): void {
  const changed = turn.state.token !== token
  turn.set({ token })
  if (turn.state.phase === 'authorising') {
    turn.set({ socket: turn.state.socket + 1 })
    turn.enter('connecting')
    turn.put({ type: 'open', socket: turn.state.socket })
    turn.timer('patience', GREETING_PATIENCE_MS)
  } else if (turn.isLive && changed) {
    turn.transmit({ type: 'token', id: turn.commandId(), token })
  }
}

function greet(turn: Turn): void {
  const { token, cursor } = turn.state
  if (token === null) return lose(turn)
  turn.enter('greeting')
  turn.transmit({ type: 'hello', token, ...(cursor === null ? {} : { cursor }) })
}

function hear(turn: Turn, frame: ServerFrame): void {
  turn.cancel('pong')
  switch (frame.type) {
    case 'ready':
      return ready(turn, frame.cursor)
    case 'event':
      if (turn.state.cursor !== null && frame.cursor <= turn.state.cursor) return // Heard already.
      turn.set({ cursor: frame.cursor })
      if (frame.event.type === 'message_posted') {
        outbox.acknowledge(turn, frame.event.message.id, frame.event.message.position)
      }
      return turn.tell({ type: 'event', event: frame.event })
    case 'ack':
      outbox.acknowledge(turn, frame.id, frame.position)
      return settleRead(turn, frame.id)
    case 'error':
      if (frame.id) outbox.refuse(turn, frame.id, frame.problem)
      return
    case 'typing':
      return turn.tell({ type: 'typing', conversation: frame.conversation, user: frame.user })
    case 'presence':
      return turn.tell({ type: 'presence', user: frame.user, state: frame.state })
    case 'reset':
      return reset(turn)
    case 'closing':
      return turn.set({ retryAfter: frame.retry_after_ms })
    case 'pong':
      // Quiet conversations would else leave us with a place hours old.
      if (typeof frame.cursor === 'number') turn.set({ cursor: Math.max(frame.cursor, turn.state.cursor ?? 0) })
      return
  }
}

/** Connected. What was not answered goes out again; what was asked for is asked for again. */
function ready(turn: Turn, cursor: number): void {
  if (turn.state.phase !== 'greeting') return
  if (turn.state.cursor === null) turn.set({ cursor })
  turn.cancel('patience')
  turn.timer('settled', SETTLED_AFTER_MS)
  turn.timer('ping', PING_EVERY_MS)
  turn.enter('live')
  turn.set({ retryAfter: null, readyAt: cursor })
  turn.tell({ type: 'ready', cursor })
  if (turn.state.resetDue) startOver(turn, cursor)
  outbox.replay(turn)
  for (const [conversation, position] of Object.entries(turn.state.reads)) transmitRead(turn, conversation, position)
  if (turn.state.watched.length > 0) turn.transmit({ type: 'watch', id: turn.commandId(), users: [...turn.state.watched] })
  if (turn.state.presence === 'away') turn.transmit({ type: 'presence', id: turn.commandId(), state: 'away' })
}

/** What we have is worthless. The server says so right after `ready`; before it, the new place is not known yet. */
function reset(turn: Turn): void {
  if (turn.isLive && turn.state.readyAt !== null) startOver(turn, turn.state.readyAt)
  else turn.set({ resetDue: true })
}

/** The caller fetches again, and we go on from the server's place, which a restored store has behind our own. */
function startOver(turn: Turn, cursor: number): void {
  turn.set({ cursor, resetDue: false })
  turn.tell({ type: 'reset', cursor })
}

function closed(turn: Turn, code: number): void {
  // 4001: the token is spent; 1008: the hello was refused, most likely for the same reason. A new token decides.
  if (code === 4001 || code === 1008) turn.set({ token: null })
  // 4029: we spoke too much; a long pause is the answer.
  if (code === 4029) turn.set({ attempt: Math.max(turn.state.attempt, 4) })
  lose(turn)
}

/** The connection is gone or never came. Wait, longer each time, with full jitter so that nobody returns in step. */
function lose(turn: Turn): void {
  if (turn.state.phase === 'stopped') return
  turn.cancel(...connectionTimers)
  outbox.suspend(turn)
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** turn.state.attempt)
  const delay = (turn.state.retryAfter ?? 0) + Math.round(turn.chance.random * ceiling)
  turn.set({ socket: turn.state.socket + 1, attempt: turn.state.attempt + 1, retryAfter: null })
  turn.enter('waiting')
  turn.timer('reconnect', delay)
}

function stop(turn: Turn): void {
  turn.cancel('reconnect', ...connectionTimers)
  outbox.suspend(turn)
  if (turn.state.phase !== 'stopped' && turn.state.phase !== 'waiting') turn.put({ type: 'close' })
  turn.set({ socket: turn.state.socket + 1, token: null })
  turn.enter('stopped')
}

function hurry(turn: Turn): void {
  turn.set({ attempt: 0 })
  if (turn.state.phase === 'waiting') connect(turn, turn.state.token === null)
  else probe(turn)
}

function probe(turn: Turn): void {
  if (!turn.isLive) return
  turn.transmit({ type: 'ping', id: turn.commandId() })
  turn.timer('pong', PROBE_PATIENCE_MS)
}

function rang(turn: Turn, timer: TimerName): void {
  switch (timer) {
    case 'reconnect':
      if (turn.state.phase === 'waiting') connect(turn, turn.state.token === null)
      return
    case 'settled':
      return turn.set({ attempt: 0 })
    case 'ping':
      turn.transmit({ type: 'ping', id: turn.commandId() })
      turn.timer('pong', PONG_PATIENCE_MS)
      return turn.timer('ping', PING_EVERY_MS)
    case 'patience':
    case 'pong':
      turn.put({ type: 'close' })
      return lose(turn)
    default:
      return outbox.rang(turn, timer.slice('send:'.length))
  }
}

/** A read is repeated on every connection until the server confirms it; only the newest place counts. */
function transmitRead(turn: Turn, conversation: string, position: number): void {
  turn.transmit({ type: 'read', id: readId(conversation, position), conversation, position })
}

function settleRead(turn: Turn, id: string): void {
  const settled = Object.entries(turn.state.reads).find(([conversation, position]) => readId(conversation, position) === id)
  if (!settled) return
  turn.set({ reads: Object.fromEntries(Object.entries(turn.state.reads).filter(([conversation]) => conversation !== settled[0])) })
}

function readId(conversation: string, position: number): string {
  return `r${position}.${conversation}`
}
