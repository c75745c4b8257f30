/** My list of conversations under events: counts, reading, joining. Telling twice changes nothing. */
import { describe, expect, it } from 'vitest'

import { applyToConversations, markRead, partnerOf, upsertConversation } from './conversations'
import type { Card, Conversation, PublicEvent } from './types'

const ME = 'ann'

function conversation(more: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c', kind: 'channel', name: 'general', visibility: 'public', created_by: 'bo', created_at: '', member_count: 2,
    archived: false, posting: 'everyone', default: false, receipts: false, is_member: true, last_position: 10, read_position: 10, unread_count: 0, ...more,
  }
}

function posted(position: number, author = 'bo', to = 'c'): PublicEvent {
  return {
    type: 'message_posted', position, at: '',
    message: { id: `m${position}`, conversation: to, author, position, text: '', posted_at: '', reply_count: 0, reactions: [], files: [] },
  }
}

const after = (list: Conversation[], ...events: PublicEvent[]) => events.reduce((sofar, event) => applyToConversations(sofar, event, ME).list, list)

describe('applyToConversations', () => {
  it('counts each message of another person once', () => {
    expect(after([conversation()], posted(11), posted(12), posted(12), posted(11))[0]).toMatchObject({ unread_count: 2, last_position: 12 })
  })

  it('asks for a channel of mine whose settings are others now, and for no other', () => {
    const renamed = (id: string): PublicEvent => ({ type: 'channel_renamed', position: 11, at: '', conversation: id })
    expect(applyToConversations([conversation()], renamed('c'), ME).ask).toEqual(['c'])
    expect(applyToConversations([conversation()], renamed('x'), ME).ask).toEqual([])
  })

  it('does not count my own', () => {
    expect(after([conversation()], posted(11, ME))[0]).toMatchObject({ unread_count: 0, last_position: 11 })
  })

  it('does not count what stands in a thread alone', () => {
    const answer = posted(11) as Extract<PublicEvent, { type: 'message_posted' }>
    const inThread = (more: object): PublicEvent => ({ ...answer, message: { ...answer.message, thread: 'm1', ...more } })
    expect(after([conversation()], inThread({}))[0]).toMatchObject({ unread_count: 0, last_position: 10 })
    expect(after([conversation()], inThread({ in_channel: true }))[0]).toMatchObject({ unread_count: 1, last_position: 11 })
  })

  it('counts to a hundred and no further', () => {
    expect(after([conversation({ unread_count: 100 })], posted(11))[0]?.unread_count).toBe(100)
  })

  it('reading in another window clears it here, and reading never goes back', () => {
    const read = (position: number): PublicEvent => ({ type: 'read_up_to', position: 20, at: '', conversation: 'c', user: ME, read_position: position })
    const list = after([conversation()], posted(11), posted(12))
    expect(after(list, read(12))[0]).toMatchObject({ unread_count: 0, read_position: 12 })
    expect(after(list, read(12), read(11))[0]?.read_position).toBe(12)
    const bobs: PublicEvent = { type: 'read_up_to', position: 20, at: '', conversation: 'c', user: 'somebody-else', read_position: 12 }
    expect(after(list, bobs)).toEqual(list)
    expect(applyToConversations(list, read(11), ME).ask).toEqual(['c'])
    expect(markRead(list, 'c', 12)[0]?.unread_count).toBe(0)
  })

  it('what it does not know, it asks for', () => {
    expect(applyToConversations([], posted(11), ME).ask).toEqual(['c'])
    expect(applyToConversations([], { type: 'member_joined', position: 1, at: '', conversation: 'c', user: ME }, ME).ask).toEqual(['c'])
    expect(applyToConversations([], { type: 'member_joined', position: 1, at: '', conversation: 'c', user: 'bo' }, ME).ask).toEqual([])
  })

  it('B04 D09 a direct conversation someone opened with me appears, one that is not mine does not', () => {
    const card: Card = { id: 'd', kind: 'direct', visibility: 'private', members: [ME, 'bo'], created_by: 'bo', created_at: '' }
    const opened: PublicEvent = { type: 'direct_opened', position: 3, at: '', conversation: card }
    expect(after([], opened)).toMatchObject([{ id: 'd', unread_count: 0, read_position: 3 }])
    expect(after(after([], opened), opened)).toHaveLength(1)
    expect(after([], { ...opened, conversation: { ...card, members: ['bo', 'cy'] } })).toEqual([])
  })

  it('D07 leaving takes the channel away, the leaving of others does not', () => {
    const left = (user: string): PublicEvent => ({ type: 'member_left', position: 1, at: '', conversation: 'c', user })
    expect(after([conversation()], left(ME))).toEqual([])
    expect(applyToConversations([conversation()], left('bo'), ME)).toMatchObject({ list: [{ id: 'c' }], ask: ['c'] })
  })

  it('events of a kind it does not know change nothing', () => {
    const list = [conversation()]
    expect(applyToConversations(list, { type: 'topic_changed', position: 1, at: '' } as unknown as PublicEvent, ME)).toEqual({ list, ask: [] })
  })
})

describe('upsertConversation', () => {
  it('keeps what events told since the answer was made', () => {
    const list = after([conversation()], posted(11))
    expect(upsertConversation(list, conversation({ member_count: 3 }))[0]).toMatchObject({ member_count: 3, unread_count: 1, last_position: 11 })
    expect(upsertConversation(list, conversation({ last_position: 12, unread_count: 2 }))[0]).toMatchObject({ unread_count: 2, last_position: 12 })
  })

  it('what I am not a member of is not mine', () => {
    expect(upsertConversation([conversation()], conversation({ is_member: false }))).toEqual([])
  })
})

it('the partner is the other one, or myself in my own notes', () => {
  expect(partnerOf({ members: [ME, 'bo'] }, ME)).toBe('bo')
  expect(partnerOf({ members: [ME] }, ME)).toBe(ME)
})
