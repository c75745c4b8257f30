/** The shapes of the wire, as the rest of the client names them. The only file that knows where the types come from. */

export type UserId = string
export type ConversationId = string
export type MessageId = string
/** A commit position of the event store: the one order of everything. */
export type Position = number

export type PresenceState = 'active' | 'away' | 'offline'

export interface User {
  id: UserId
  name: string
  display_name?: string | null
  title?: string | null
  role: 'owner' | 'admin' | 'member'
  presence: PresenceState
  joined_at: string
}

export interface Me extends User {
  email?: string | null
  phone?: string | null
}

/** What events say about a conversation: the part that is the same for everyone. */
export interface Card {
  id: ConversationId
  kind: 'channel' | 'group' | 'direct'
  name?: string | null
  topic?: string | null
  description?: string | null
  visibility: 'public' | 'private'
  members?: UserId[] | null
  created_by: UserId
  created_at: string
}

/** A conversation as I see it, with my place in it. */
export interface Conversation extends Card {
  member_count: number
  archived: boolean
  is_member: boolean
  last_position?: Position | null
  read_position: Position
  unread_count: number
}

export interface Message {
  id: MessageId
  conversation: ConversationId
  author: UserId
  position: Position
  text: string
  posted_at: string
  edited_at?: string | null
  deleted?: boolean | null
  thread?: MessageId | null
  reply_count: number
  reactions: { emoji: string; users: UserId[] }[]
  files: unknown[]
}

export interface Member {
  user: UserId
  joined_at: string
}

export interface SignedIn {
  user: Me
  access_token: string
  expires_in: number
}

/** The answer to a write: where in the order of everything it stands. */
export interface Written {
  id: string
  position: Position
}

/** A page of a list; the cursors name the neighbouring pages and are absent at the ends. */
export interface Page<T> {
  items: T[]
  before?: Position | string | null
  after?: Position | string | null
}

export interface ProblemBody {
  status: number
  code: string
  title: string
  errors?: { pointer: string; message: string }[] | null
  request_id?: string | null
}

interface Fact {
  position: Position
  at: string
  actor?: UserId | null
}

/** Facts that arrive over the socket. Types not listed here are passed over, so that the server may grow first. */
export type PublicEvent =
  | (Fact & { type: 'message_posted'; message: Message })
  | (Fact & { type: 'channel_created' | 'direct_opened'; conversation: Card })
  | (Fact & { type: 'member_joined' | 'member_left'; conversation: ConversationId; user: UserId })
  | (Fact & { type: 'read_up_to'; conversation: ConversationId; user: UserId; read_position: Position })
  | (Fact & { type: 'profile_created'; user: User })
