/** The vocabulary of the realtime session: what it remembers, what it hears, what it asks for. No behaviour. */
import type { ConversationId, MessageId, Position, PresenceState, ProblemBody, PublicEvent, UserId } from '../types'
import type { ClientFrame, ServerFrame } from './frames'

/** A message as the person wrote it; its id is chosen here and never changes. */
export interface Draft {
  id: MessageId
  conversation: ConversationId
  text: string
  thread?: MessageId
  /** When the person pressed Enter, in Unix milliseconds. */
  at: number
}

/** A message on its way: kept until the server has it, across reloads. */
export interface Pending extends Draft {
  tries: number
  /** Given up: only the person can send it again. */
  failed: boolean
  /** Refused for a passing reason; its timer repeats it. */
  waiting: boolean
}

export type Phase = 'stopped' | 'authorising' | 'connecting' | 'greeting' | 'live' | 'waiting'
export type TimerName = 'reconnect' | 'patience' | 'settled' | 'ping' | 'pong' | `send:${MessageId}`

export interface SessionState {
  phase: Phase
  /** Number of the present connection: what an older one still says is not heard. */
  socket: number
  token: string | null
  /** Failed connections in a row. */
  attempt: number
  /** The last position heard. Coming back with it brings everything missed. */
  cursor: Position | null
  outbox: readonly Pending[]
  reads: Readonly<Record<ConversationId, Position>>
  watched: readonly UserId[]
  presence: 'active' | 'away'
  /** The server's own wish for the next attempt, in milliseconds. */
  retryAfter: number | null
  /** Numbers the commands that carry no id of their own. */
  commands: number
  /** The server's place at the last `ready`: where a `reset` goes on from. */
  readyAt: Position | null
  /** A reset was heard before `ready`: the next `ready` gives the new place. */
  resetDue: boolean
}

export type Input =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'restored'; outbox: Pending[] }
  | { type: 'authorised'; token: string }
  | { type: 'unauthorised' }
  | { type: 'opened'; socket: number }
  | { type: 'heard'; socket: number; frame: ServerFrame }
  | { type: 'closed'; socket: number; code: number }
  | { type: 'rang'; timer: TimerName }
  | { type: 'network'; online: boolean }
  | { type: 'reconnect_now' }
  | { type: 'send'; message: Draft }
  | { type: 'retry'; id: MessageId }
  | { type: 'discard'; id: MessageId }
  | { type: 'read'; conversation: ConversationId; position: Position }
  | { type: 'typing'; conversation: ConversationId }
  | { type: 'presence'; state: 'active' | 'away' }
  | { type: 'watch'; users: UserId[] }

/** What the rest of the client learns. */
export type News =
  | { type: 'phase'; phase: Phase }
  | { type: 'ready'; cursor: Position }
  | { type: 'reset'; cursor: Position }
  | { type: 'event'; event: PublicEvent }
  | { type: 'sent'; message: Pending; position: Position }
  | { type: 'failed'; message: Pending; problem: ProblemBody | null }
  | { type: 'queued'; message: Pending }
  | { type: 'typing'; conversation: ConversationId; user: UserId }
  | { type: 'presence'; user: UserId; state: PresenceState }

export type Output =
  | { type: 'obtain_token'; renew: boolean }
  | { type: 'open'; socket: number }
  | { type: 'transmit'; frame: ClientFrame }
  | { type: 'close' }
  | { type: 'set_timer'; timer: TimerName; after: number }
  | { type: 'clear_timer'; timer: TimerName }
  | { type: 'store'; message: Pending }
  | { type: 'forget'; id: MessageId }
  | { type: 'tell'; news: News }

export const initialSession: SessionState = {
  phase: 'stopped',
  socket: 0,
  token: null,
  attempt: 0,
  cursor: null,
  outbox: [],
  reads: {},
  watched: [],
  presence: 'active',
  retryAfter: null,
  commands: 0,
  readyAt: null,
  resetDue: false,
}
