/** Title bar and tabs of a conversation: 50 + 36 + 1 pixels. */
import { ChevronLeft, EllipsisVertical, Hash, Lock, MessageCircle, UserRound } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'

import { useClient } from '~/api/client'
import { partnerOf } from '~/api/conversations'
import { isGeneral } from '~/api/naming'
import type { Conversation } from '~/api/types'
import { pages } from '~/lib/paths'
import { usePresence } from '~/lib/presence'
import { words } from '~/lib/words'
import { Avatar } from '~/ui/Avatar'
import { IconButton } from '~/ui/IconButton'
import { Menu, MenuItem } from '~/ui/Menu'
import { PresenceDot } from '~/ui/PresenceDot'

import { MembersDialog } from './MembersDialog'
import { useMembership } from './use-membership'

interface ConversationHeaderProps {
  conversation: Conversation
  name: string
}

export function ConversationHeader({ conversation, name }: ConversationHeaderProps) {
  const { me } = useClient()
  const isChannel = conversation.kind === 'channel'
  return (
    <header data-conversation-header className="shrink-0 border-b border-line">
      <div data-title-bar className="flex h-[52px] items-center gap-2 px-3 pane:h-[50px]">
        <Link
          to={isChannel ? pages.client : pages.directMessages}
          aria-label={words.conversation.backToList}
          className="flex size-9 items-center justify-center rounded-lg text-fg-2 hover:bg-hover pane:hidden"
        >
          <ChevronLeft size={24} aria-hidden />
        </Link>
        <div className="min-w-0 flex-1">
          <div className="flex h-8 items-center gap-1.5 px-1">
            {isChannel ? <ChannelSign conversation={conversation} /> : conversation.kind === 'direct' && <PartnerFace user={partnerOf(conversation, me.id)} name={name} />}
            <h1 className="truncate text-title font-black text-strong">{name}</h1>
            {conversation.topic && <p className="ml-2 min-w-0 flex-1 truncate text-caption text-fg-2">{conversation.topic}</p>}
          </div>
          {isChannel && <p className="-mt-1.5 px-1 text-micro text-fg-2 pane:hidden">{words.conversation.members(conversation.member_count)}</p>}
        </div>
        {isChannel && <ChannelActions conversation={conversation} name={name} />}
      </div>
      <nav aria-label={words.conversation.tabs} className="hidden h-9 items-stretch gap-2 px-4 pane:flex">
        <span data-tab aria-current="page" className="relative flex items-center gap-1 px-2 text-caption font-bold text-strong">
          <MessageCircle size={16} strokeWidth={1.75} aria-hidden />
          {words.conversation.messages}
          <span data-tab-line className="absolute inset-x-0 bottom-0 h-0.5 bg-tab-line" />
        </span>
      </nav>
    </header>
  )
}

function ChannelSign({ conversation }: { conversation: Conversation }) {
  const Sign = conversation.visibility === 'private' ? Lock : Hash
  return <Sign size={20} strokeWidth={1.75} aria-hidden className="shrink-0 text-strong" />
}

function PartnerFace({ user, name }: { user: string; name: string }) {
  const presence = usePresence(user)
  return (
    <span className="relative mr-1">
      <Avatar id={user} name={name} size={24} />
      <span className="absolute -right-1 -bottom-1 rounded-full bg-bg p-[2px]">
        <PresenceDot active={presence === 'active'} label={words.presence[presence]} size={9} />
      </span>
    </span>
  )
}

function ChannelActions({ conversation, name }: ConversationHeaderProps) {
  const [showsMembers, showMembers] = useState(false)
  const { leave } = useMembership(conversation.id, name)
  return (
    <>
      <button
        type="button"
        aria-label={words.conversation.members(conversation.member_count)}
        title={words.conversation.members(conversation.member_count)}
        onClick={() => showMembers(true)}
        className="flex h-7 items-center gap-1 rounded-lg border border-line px-1.5 text-caption font-bold text-fg-2 hover:bg-hover"
      >
        <UserRound size={18} strokeWidth={1.75} aria-hidden />
        {conversation.member_count}
      </button>
      {conversation.is_member && !isGeneral(conversation) && (
        <Menu
          label={words.conversation.moreActions}
          align="end"
          trigger={
            <IconButton label={words.conversation.moreActions}>
              <EllipsisVertical size={20} strokeWidth={1.75} aria-hidden />
            </IconButton>
          }
        >
          <MenuItem danger onSelect={() => void leave()}>
            {words.conversation.leave}
          </MenuItem>
        </Menu>
      )}
      {showsMembers && <MembersDialog conversation={conversation} onClose={() => showMembers(false)} />}
    </>
  )
}
