/** One conversation in the sidebar: bold when unread, with a badge when it is written to me. */
import { clsx } from 'clsx'
import { Hash, Lock, Pencil } from 'lucide-react'
import { Link } from 'react-router'

import { useClient } from '~/api/client'
import { partnerOf } from '~/api/conversations'
import { conversationName, isNotesToSelf } from '~/api/naming'
import type { People } from '~/api/roster'
import type { Conversation } from '~/api/types'
import { useHasDraft } from '~/lib/drafts'
import { pages } from '~/lib/paths'
import { usePresence } from '~/lib/presence'
import { words } from '~/lib/words'
import { Avatar } from '~/ui/Avatar'
import { Badge } from '~/ui/Badge'
import { PresenceDot } from '~/ui/PresenceDot'

interface ConversationRowProps {
  conversation: Conversation
  people: People
  selected: boolean
  tabStop: boolean
}

const kinds = { channel: words.sidebar.channelKind, direct: words.sidebar.directKind, group: words.sidebar.groupKind }

export function ConversationRow({ conversation, people, selected, tabStop }: ConversationRowProps) {
  const { me } = useClient()
  const hasDraft = useHasDraft(me.id, conversation.id)
  const name = conversationName(conversation, people, me.id)
  const unread = selected ? 0 : conversation.unread_count
  const isUnread = unread > 0
  return (
    <Link
      to={pages.conversation(conversation.id)}
      role="treeitem"
      aria-level={2}
      aria-current={selected ? 'page' : undefined}
      aria-selected={selected}
      aria-label={words.sidebar.rowLabel(name, kinds[conversation.kind], unread)}
      tabIndex={tabStop ? 0 : -1}
      data-item={conversation.id}
      data-unread={isUnread}
      className={clsx(
        'flex h-11 items-center gap-2 rounded-md pr-2 pl-6 text-body transition-colors duration-[80ms] pane:h-7',
        selected ? 'bg-selected text-selected-fg' : 'hover:bg-chrome-hover',
        !selected && (isUnread ? 'font-black text-chrome-strong' : 'text-chrome-text'),
      )}
    >
      <span className="flex w-4 shrink-0 justify-center">
        <Icon conversation={conversation} name={name} selected={selected} />
      </span>
      <span className="min-w-0 flex-1 truncate">
        {name}
        {isNotesToSelf(conversation, me.id) && <span className="ml-1.5 font-normal opacity-80">{words.sidebar.you}</span>}
      </span>
      {hasDraft && !selected && <Pencil size={14} role="img" aria-label={words.sidebar.draft} className="shrink-0" />}
      {isUnread && conversation.kind !== 'channel' && <Badge count={unread} />}
    </Link>
  )
}

function Icon({ conversation, name, selected }: { conversation: Conversation; name: string; selected: boolean }) {
  const { me } = useClient()
  if (conversation.kind === 'direct') return <DirectIcon user={partnerOf(conversation, me.id)} name={name} selected={selected} />
  if (conversation.kind === 'group') {
    return (
      <span aria-hidden className="flex size-4 items-center justify-center rounded-[4px] bg-chrome-tile text-[10px] font-bold">
        {(conversation.members ?? []).length}
      </span>
    )
  }
  const Sign = conversation.visibility === 'private' ? Lock : Hash
  return <Sign size={16} strokeWidth={1.75} aria-hidden />
}

function DirectIcon({ user, name, selected }: { user: string; name: string; selected: boolean }) {
  const presence = usePresence(user)
  return (
    <span className="relative block size-4">
      <Avatar id={user} name={name} size={16} />
      <span className={clsx('absolute -right-[3px] -bottom-[3px] rounded-full p-[1.5px]', selected ? 'bg-selected' : 'bg-sidebar-solid')}>
        <PresenceDot active={presence === 'active'} label={words.presence[presence]} size={6} chrome={!selected} />
      </span>
    </span>
  )
}
