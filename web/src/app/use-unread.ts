/** What is unread, summed up for the rail and the window's title. */
import type { Conversation } from '~/api/types'

export interface Unread {
  /** Some channel has something new. */
  channels: boolean
  /** Messages written to me. */
  directs: number
}

export function useUnread(conversations: readonly Conversation[] | undefined): Unread {
  const unread = (conversations ?? []).filter(({ unread_count }) => unread_count > 0)
  return {
    channels: unread.some(({ kind }) => kind === 'channel'),
    directs: unread.filter(({ kind }) => kind !== 'channel').reduce((sum, { unread_count }) => sum + unread_count, 0),
  }
}
