/** What the server can do for a signed-in person: one function per operation, named as the operation is. */
import { routes } from '~/lib/paths'

import type { Http } from './http'
import type { Begun, Conversation, ConversationId, Me, Member, Message, NewConversation, Page, User, Written } from './types'

export function createServer(http: Http) {
  const { call } = http
  return {
    getMe: (signal?: AbortSignal) => call<Me>(routes.me, { signal }),
    listUsers: (wanted: { q: string; after: Page<User>['after'] } | { ids: string }, signal?: AbortSignal) =>
      call<Page<User>>(routes.users('ids' in wanted ? wanted : { limit: 50, ...wanted }), { signal }),
    listConversations: (signal?: AbortSignal) => call<Page<Conversation>>(routes.conversations, { signal }),
    getConversation: (id: ConversationId, signal?: AbortSignal) => call<Conversation>(routes.conversation(id), { signal }),
    listChannels: (q: string, after: Page<Conversation>['after'], signal?: AbortSignal) =>
      call<Page<Conversation>>(routes.channels({ limit: 50, after, q }), { signal }),
    listMembers: (id: ConversationId, after: Page<Member>['after'], signal?: AbortSignal) =>
      call<Page<Member>>(routes.members(id, { after }), { signal }),
    listMessages: (id: ConversationId, before: Page<Message>['before'], signal?: AbortSignal) =>
      call<Page<Message>>(routes.messages(id, { before, limit: 50 }), { signal }),
    createConversation: (conversation: NewConversation) => call<Begun>(routes.conversations, { method: 'POST', body: conversation }),
    join: (id: ConversationId) => call<Written>(routes.join(id), { method: 'POST' }),
    leave: (id: ConversationId) => call<Written>(routes.leave(id), { method: 'POST' }),
  }
}

export type Server = ReturnType<typeof createServer>
