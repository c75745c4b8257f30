/** Messages on their way: sent in order, repeated under the same id, given up after a few tries. Pure. */
import type { MessageId, Position, ProblemBody } from '../types'
import type { Draft, Pending } from './session-state'
import type { Turn } from './turn'

/** No answer for this long, in milliseconds, and the message counts as failed. */
const ACK_PATIENCE_MS = 10_000
const MAX_TRIES = 3

export function send(turn: Turn, draft: Draft): void {
  if (find(turn, draft.id)) return
  const pending = { ...draft, tries: 0, failed: false, waiting: false }
  turn.set({ outbox: [...turn.state.outbox, pending] })
  turn.put({ type: 'store', message: pending })
  turn.tell({ type: 'queued', message: pending })
  if (turn.isLive) transmit(turn, pending)
}

/** A person asks again: the count of tries starts anew, the id stays. */
export function retry(turn: Turn, id: MessageId): void {
  const message = find(turn, id)
  if (!message) return
  const fresh = { ...message, tries: 0, failed: false, waiting: false }
  replace(turn, fresh)
  turn.tell({ type: 'queued', message: fresh })
  if (turn.isLive) transmit(turn, fresh)
}

export function discard(turn: Turn, id: MessageId): void {
  if (!find(turn, id)) return
  drop(turn, id)
}

/** After a reload: what was under way is under way again, oldest first. */
export function restore(turn: Turn, stored: Pending[]): void {
  const known = new Set(turn.state.outbox.map(({ id }) => id))
  const fresh = stored.filter(({ id }) => !known.has(id)).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  turn.set({ outbox: [...fresh, ...turn.state.outbox] })
  for (const message of fresh) {
    turn.tell(message.failed ? { type: 'failed', message, problem: null } : { type: 'queued', message })
    if (turn.isLive && !message.failed) transmit(turn, message)
  }
}

/** The connection is back: everything unanswered goes out again, in order, under the same ids. */
export function replay(turn: Turn): void {
  for (const message of turn.state.outbox) {
    if (message.failed) continue
    if (message.tries >= MAX_TRIES) fail(turn, message, null)
    else transmit(turn, message)
  }
}

/** The connection is gone: unanswered messages wait for the next one instead of running into their patience. */
export function suspend(turn: Turn): void {
  for (const { id } of turn.state.outbox) turn.cancel(`send:${id}`)
}

export function acknowledge(turn: Turn, id: string, position: Position): void {
  const message = find(turn, id)
  if (!message) return
  drop(turn, message.id)
  turn.tell({ type: 'sent', message, position })
}

/** A passing fault is tried again with back-off; anything else is for the person to decide. */
export function refuse(turn: Turn, id: string, problem: ProblemBody): void {
  const message = find(turn, id)
  if (!message || message.failed) return
  const passing = problem.status === 429 || problem.status >= 500
  if (!passing || message.tries >= MAX_TRIES) return fail(turn, message, problem)
  turn.timer(`send:${message.id}`, 1000 * 2 ** (message.tries - 1))
  replace(turn, { ...message, waiting: true })
}

export function rang(turn: Turn, id: MessageId): void {
  const message = find(turn, id)
  if (!message || message.failed || !turn.isLive) return
  if (message.waiting) transmit(turn, message)
  else fail(turn, message, null)
}

function transmit(turn: Turn, message: Pending): void {
  const { id, conversation, text, thread } = message
  replace(turn, { ...message, tries: message.tries + 1, failed: false, waiting: false })
  turn.transmit({ type: 'send', id, conversation, text, ...(thread ? { thread } : {}) })
  turn.timer(`send:${id}`, ACK_PATIENCE_MS)
}

function fail(turn: Turn, message: Pending, problem: ProblemBody | null): void {
  const failed = { ...message, failed: true, waiting: false }
  replace(turn, failed)
  turn.cancel(`send:${message.id}`)
  turn.put({ type: 'store', message: failed })
  turn.tell({ type: 'failed', message: failed, problem })
}

function find(turn: Turn, id: string): Pending | undefined {
  return turn.state.outbox.find((message) => message.id === id)
}

function replace(turn: Turn, message: Pending): void {
  turn.set({ outbox: turn.state.outbox.map((other) => (other.id === message.id ? message : other)) })
}

function drop(turn: Turn, id: MessageId): void {
  turn.set({ outbox: turn.state.outbox.filter((message) => message.id !== id) })
  turn.cancel(`send:${id}`)
  turn.put({ type: 'forget', id })
}
