/** The shapes of the wire, as the rest of the client names them. The only file that knows where the types come from. */
import type { components } from './generated/schema'

type Schemas = components['schemas']

export type UserId = Schemas['UserId']
export type ConversationId = Schemas['ConversationId']
export type MessageId = Schemas['MessageId']
/** A commit position of the event store: the one order of everything. */
export type Position = Schemas['Position']

export type PresenceState = Schemas['PresenceState']
/** What events say about a person: the part that seldom changes. */
export type Person = Schemas['Person']
export type User = Schemas['User']
export type Me = Schemas['Me']
/** What events say about a conversation: the part that is the same for everyone. */
export type Card = Schemas['Card']
/** A conversation as I see it, with my place in it. */
export type Conversation = Schemas['Conversation']
export type Message = Schemas['Message']
export type Member = Schemas['Member']

export type Registration = Schemas['NewPerson']
export type Credentials = Schemas['Credentials']
export type SignedIn = Schemas['SignedIn']
export type NewConversation = Schemas['NewConversation']
/** The answers to writes: what came of it, and where in the order of everything it stands. */
export type Begun = Schemas['Begun']
export type Written = Schemas['Written']
export type ProblemBody = Omit<Schemas['Problem'], 'type'>

/** A page of a list; the cursors name the neighbouring pages and are absent at the ends. */
export interface Page<T> {
  items: T[]
  before?: Position | string | null
  after?: Position | string | null
}

interface Fact {
  position: Position
  at: string
  actor?: UserId | null
}

/** Something about a channel is different now; the channel itself says what. */
type ChannelChange =
  | 'channel_archived'
  | 'channel_renamed'
  | 'channel_unarchived'
  | 'converted_to_channel'
  | 'default_channel_changed'
  | 'description_changed'
  | 'made_private'
  | 'posting_policy_set'
  | 'receipts_set'
  | 'topic_changed'

/** Facts that arrive over the socket. Types not listed here are passed over, so that the server may grow first. */
export type PublicEvent =
  | (Fact & { type: 'message_posted'; message: Message })
  | (Fact & { type: 'channel_created' | 'direct_opened' | 'group_created'; conversation: Card })
  | (Fact & { type: 'member_joined' | 'member_left'; conversation: ConversationId; user: UserId })
  | (Fact & { type: ChannelChange; conversation: ConversationId })
  | (Fact & { type: 'read_up_to'; conversation: ConversationId; user: UserId; read_position: Position })
  | (Fact & { type: 'profile_created'; user: Person })
  | (Fact & { type: 'status_changed'; user: UserId; status?: Person['status'] })
