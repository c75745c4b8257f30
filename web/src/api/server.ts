/** What the server can do for a signed-in person: one function per operation, named as the operation is. */
import { routes } from '~/lib/paths'

import type { Http } from './http'
import type { Conversation, ConversationId, Me, Member, Message, Page, Position, User, UserId, Written } from './types'

export interface NewChannel {
  name: string
  description?: string
}

export function createServer(http: Http) {
  const { call } = http
  return {
    getMe: (signal?: AbortSignal) => call<Me>(routes.me, { signal }),
    listUsers: (after: Page<User>['after'], signal?: AbortSignal) => call<Page<User>>(routes.users({ limit: 100, after }), { signal }),
    listConversations: (signal?: AbortSignal) => call<Page<Conversation>>(routes.conversations, { signal }),
    getConversation: (id: ConversationId, signal?: AbortSignal) => call<Conversation>(routes.conversation(id), { signal }),
    listChannels: (q: string, after: Page<Conversation>['after'], signal?: AbortSignal) =>
      call<Page<Conversation>>(routes.channels({ limit: 50, after, q }), { signal }),
    listMembers: (id: ConversationId, after: Page<Member>['after'], signal?: AbortSignal) =>
      call<Page<Member>>(routes.members(id, { after }), { signal }),
    listMessages: (id: ConversationId, before: Page<Message>['before'], signal?: AbortSignal) =>
      call<Page<Message>>(routes.messages(id, { before, limit: 50 }), { signal }),
    createChannel: (channel: NewChannel) => call<Written>(routes.conversations, { method: 'POST', body: { kind: 'channel', ...channel } }),
    openDirect: (user: UserId) => call<Written>(routes.conversations, { method: 'POST', body: { kind: 'direct', user } }),
    join: (id: ConversationId) => call<{ position: Position }>(routes.join(id), { method: 'POST' }),
    leave: (id: ConversationId) => call<{ position: Position }>(routes.leave(id), { method: 'POST' }),
  }
}

export type Server = ReturnType<typeof createServer>
