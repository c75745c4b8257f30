/** Frames of the socket. Parses what the server says; whatever it does not know, it passes over. */
import type { ConversationId, MessageId, Position, PresenceState, ProblemBody, PublicEvent, UserId } from '../types'

export type ClientFrame =
  | { type: 'hello'; token: string; cursor?: Position }
  | { type: 'send'; id: MessageId; conversation: ConversationId; text: string; thread?: MessageId }
  | { type: 'read'; id: string; conversation: ConversationId; position: Position }
  | { type: 'typing'; conversation: ConversationId }
  | { type: 'presence'; id: string; state: 'active' | 'away' }
  | { type: 'watch'; id: string; users: UserId[] }
  | { type: 'token'; id: string; token: string }
  | { type: 'ping'; id: string }

export type ServerFrame =
  | { type: 'ready'; session: string; cursor: Position }
  | { type: 'event'; cursor: Position; event: PublicEvent }
  | { type: 'ack'; id: string; position: Position }
  | { type: 'error'; id?: string | null; problem: ProblemBody }
  | { type: 'typing'; conversation: ConversationId; user: UserId }
  | { type: 'presence'; user: UserId; state: PresenceState }
  | { type: 'reset'; reason: string }
  | { type: 'closing'; retry_after_ms: number }
  /** `cursor`: everything meant for me up to there has been sent. */
  | { type: 'pong'; cursor?: Position }

/** What each frame must carry to be believed. */
const required: Record<ServerFrame['type'], Record<string, 'string' | 'number' | 'object'>> = {
  ready: { cursor: 'number' },
  event: { cursor: 'number', event: 'object' },
  ack: { id: 'string', position: 'number' },
  error: { problem: 'object' },
  typing: { conversation: 'string', user: 'string' },
  presence: { user: 'string', state: 'string' },
  reset: {},
  closing: { retry_after_ms: 'number' },
  pong: {},
}

/** The frame, or nothing when it is not one we know. */
export function parseFrame(text: string): ServerFrame | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const fields = value as Record<string, unknown>
  if (typeof fields.type !== 'string' || !Object.hasOwn(required, fields.type)) return null
  const demands = Object.entries(required[fields.type as ServerFrame['type']])
  const complete = demands.every(([name, kind]) => typeof fields[name] === kind && fields[name] !== null)
  return complete ? (fields as unknown as ServerFrame) : null
}
