/** My list of conversations, kept in step with events. Pure: old list and an event give the new list. */
import type { Card, Conversation, ConversationId, Position, PublicEvent, UserId } from './types'

/** The server counts to here and no further. */
const MOST_COUNTED = 100

export interface Change {
  list: Conversation[]
  /** Conversations of which the event alone does not tell enough: fetch them. */
  ask: ConversationId[]
}

export function applyToConversations(list: Conversation[], event: PublicEvent, me: UserId): Change {
  switch (event.type) {
    case 'message_posted': {
      const { conversation, author, position, thread, in_channel } = event.message
      if (thread && !in_channel) return only(list) // The channel does not count what stands in a thread alone.
      if (!list.some(({ id }) => id === conversation)) return { list, ask: [conversation] }
      return only(change(list, conversation, (old) => posted(old, position, author === me)))
    }
    case 'channel_created':
    case 'direct_opened':
    case 'group_created':
      return cardSeen(list, event.conversation, event.position, me)
    case 'member_joined':
      return { list, ask: event.user === me || has(list, event.conversation) ? [event.conversation] : [] }
    case 'member_left':
      if (event.user === me) return only(list.filter(({ id }) => id !== event.conversation))
      return { list, ask: has(list, event.conversation) ? [event.conversation] : [] }
    case 'channel_archived':
    case 'channel_renamed':
    case 'channel_unarchived':
    case 'converted_to_channel':
    case 'default_channel_changed':
    case 'description_changed':
    case 'made_private':
    case 'posting_policy_set':
    case 'receipts_set':
    case 'topic_changed':
      return { list, ask: has(list, event.conversation) ? [event.conversation] : [] }
    case 'read_up_to': {
      if (event.user !== me) return only(list) // How far others have read is not my place.
      const next = change(list, event.conversation, (old) => readUpTo(old, event.read_position))
      const known = next.find(({ id }) => id === event.conversation)
      return { list: next, ask: known && known.unread_count > 0 ? [known.id] : [] }
    }
    default:
      return only(list)
  }
}

/** Puts a fetched conversation into the list; what events have told since it was folded stays. */
export function upsertConversation(list: Conversation[], fetched: Conversation): Conversation[] {
  const old = list.find(({ id }) => id === fetched.id)
  if (!fetched.is_member) return list.filter(({ id }) => id !== fetched.id)
  if (!old) return [...list, fetched]
  const ahead = (old.last_position ?? 0) > (fetched.last_position ?? 0) || old.read_position > fetched.read_position
  const merged = {
    ...fetched,
    last_position: Math.max(old.last_position ?? 0, fetched.last_position ?? 0),
    read_position: Math.max(old.read_position, fetched.read_position),
    unread_count: ahead ? old.unread_count : fetched.unread_count,
  }
  return list.map((other) => (other.id === fetched.id ? merged : other))
}

/** My own reading, shown before the server confirms it. */
export function markRead(list: Conversation[], conversation: ConversationId, position: Position): Conversation[] {
  return change(list, conversation, (old) => readUpTo(old, position))
}

function posted(old: Conversation, position: Position, mine: boolean): Conversation {
  if (position <= (old.last_position ?? 0)) return old // Counted already.
  const unread = mine || position <= old.read_position ? old.unread_count : Math.min(MOST_COUNTED, old.unread_count + 1)
  return { ...old, last_position: position, unread_count: unread }
}

function readUpTo(old: Conversation, position: Position): Conversation {
  if (position <= old.read_position) return old
  const unread = position >= (old.last_position ?? 0) ? 0 : old.unread_count
  return { ...old, read_position: position, unread_count: unread }
}

function cardSeen(list: Conversation[], card: Card, position: Position, me: UserId): Change {
  if (has(list, card.id)) return only(list)
  const mine = card.kind === 'channel' ? card.created_by === me : (card.members ?? []).includes(me)
  return only(mine ? [...list, fromCard(card, position)] : list)
}

function fromCard(card: Card, position: Position): Conversation {
  return {
    ...card,
    member_count: card.members?.length ?? 1,
    archived: false,
    posting: 'everyone',
    default: false,
    receipts: card.kind !== 'channel',
    is_member: true,
    last_position: null,
    read_position: position,
    unread_count: 0,
  }
}

function change(list: Conversation[], id: ConversationId, edit: (old: Conversation) => Conversation): Conversation[] {
  return list.map((conversation) => (conversation.id === id ? edit(conversation) : conversation))
}

function has(list: Conversation[], conversation: ConversationId): boolean {
  return list.some(({ id }) => id === conversation)
}

function only(list: Conversation[]): Change {
  return { list, ask: [] }
}

/** The other person of a direct conversation; myself when it is the one with my notes. */
/** Who is in it, where that belongs to what it is: the members of a channel are asked for apart. */
export function peopleOf({ members }: Pick<Card, 'members'>): readonly UserId[] {
  return members ?? []
}

export function partnerOf(conversation: Pick<Card, 'members'>, me: UserId): UserId {
  return (conversation.members ?? []).find((member) => member !== me) ?? me
}
