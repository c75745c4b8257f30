/** What people and conversations are called, in one place. */
import { namesInSentence, words } from '~/lib/words'

import { partnerOf } from './conversations'
import type { People } from './queries'
import type { Card, User, UserId } from './types'

export function displayName(user: Pick<User, 'name' | 'display_name'> | undefined): string {
  return user?.display_name || user?.name || words.timeline.unknownAuthor
}

/** Without the `#`, which is drawn as an icon or set by the sentence around it. */
export function conversationName(conversation: Pick<Card, 'kind' | 'name' | 'members'>, people: People, me: UserId): string {
  if (conversation.kind === 'channel') return conversation.name ?? ''
  if (conversation.kind === 'direct') return displayName(people[partnerOf(conversation, me)])
  const others = (conversation.members ?? []).filter((member) => member !== me)
  return conversation.name || namesInSentence(others.map((member) => displayName(people[member])))
}

/** The channel where everyone is and stays; the server lets nobody leave it. */
export function isGeneral({ kind, name }: Pick<Card, 'kind' | 'name'>): boolean {
  return kind === 'channel' && name === 'general'
}

export function isNotesToSelf(conversation: Pick<Card, 'kind' | 'members'>, me: UserId): boolean {
  return conversation.kind === 'direct' && partnerOf(conversation, me) === me
}
