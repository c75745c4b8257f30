/** What people and conversations are called, in one place. */
import { namesInSentence, words } from '~/lib/words'

import { partnerOf, peopleOf } from './conversations'
import type { People } from './roster'
import type { Card, Conversation, Person, UserId } from './types'

/** Nothing is known of her yet: her name is on its way. */
export function displayName(person: Pick<Person, 'name' | 'display_name'> | null | undefined): string {
  if (person === undefined) return words.people.onTheWay
  return person?.display_name || person?.name || words.timeline.unknownAuthor
}

/** Without the `#`, which is drawn as an icon or set by the sentence around it. */
export function conversationName(conversation: Pick<Card, 'kind' | 'name' | 'members'>, people: People, me: UserId): string {
  if (conversation.kind === 'channel') return conversation.name ?? ''
  if (conversation.kind === 'direct') return displayName(people[partnerOf(conversation, me)])
  const others = (conversation.members ?? []).filter((member) => member !== me)
  return conversation.name || namesInSentence(others.map((member) => displayName(people[member])))
}

/** By name; those whose names are on their way come last. */
export function byName(people: People, me: UserId): (a: Conversation, b: Conversation) => number {
  const name = (conversation: Conversation) => conversationName(conversation, people, me)
  const isNamed = (conversation: Conversation) => peopleOf(conversation).every((member) => people[member] !== undefined)
  return (a, b) => Number(isNamed(b)) - Number(isNamed(a)) || name(a).localeCompare(name(b))
}

/** The channel where everyone is and stays; the server lets nobody leave it. */
export function isGeneral({ kind, name }: Pick<Card, 'kind' | 'name'>): boolean {
  return kind === 'channel' && name === 'general'
}

export function isNotesToSelf(conversation: Pick<Card, 'kind' | 'members'>, me: UserId): boolean {
  return conversation.kind === 'direct' && partnerOf(conversation, me) === me
}
