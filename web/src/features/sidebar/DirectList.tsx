/** The direct messages as a list of their own, for the DMs tab. */
import { MessagesSquare } from 'lucide-react'
import { Link } from 'react-router'

import { useClient } from '~/api/client'
import { partnerOf, peopleOf } from '~/api/conversations'
import { conversationName, isNotesToSelf } from '~/api/naming'
import { useConversations } from '~/api/queries'
import { type People, usePeople } from '~/api/roster'
import type { Conversation } from '~/api/types'
import { pages } from '~/lib/paths'
import { usePresence } from '~/lib/presence'
import { words } from '~/lib/words'
import { Avatar } from '~/ui/Avatar'
import { Badge } from '~/ui/Badge'
import { PresenceDot } from '~/ui/PresenceDot'
import { SidebarSkeleton } from '~/ui/states'

export function DirectList() {
  const conversations = useConversations()
  const directs = (conversations.data ?? [])
    .filter(({ kind }) => kind !== 'channel')
    .sort((a, b) => (b.last_position ?? 0) - (a.last_position ?? 0))
  const people = usePeople(directs.flatMap(peopleOf))
  return (
    <nav aria-label={words.sidebar.directMessages} className="flex h-full min-h-0 flex-col">
      <header className="flex h-[52px] shrink-0 items-center px-4 pane:h-[49px]">
        <h2 className="text-title font-black text-chrome-strong">{words.sidebar.directMessages}</h2>
      </header>
      {!conversations.data ? (
        <SidebarSkeleton label={words.frame.loading} />
      ) : directs.length === 0 ? (
        <NoDirects />
      ) : (
        <ul className="scrolls min-h-0 flex-1 px-2 pt-2">
          {directs.map((conversation) => (
            <DirectItem key={conversation.id} conversation={conversation} people={people} />
          ))}
        </ul>
      )}
    </nav>
  )
}

function DirectItem({ conversation, people }: { conversation: Conversation; people: People }) {
  const { me } = useClient()
  const partner = partnerOf(conversation, me.id)
  const presence = usePresence(partner)
  const name = conversationName(conversation, people, me.id)
  const unread = conversation.unread_count
  return (
    <li>
      <Link
        to={pages.conversation(conversation.id)}
        aria-label={words.sidebar.rowLabel(name, words.sidebar.directKind, unread)}
        className="flex h-[72px] items-center gap-3 rounded-md px-3 text-chrome-text hover:bg-chrome-hover"
      >
        <span className="relative">
          <Avatar id={partner} name={name} size={36} />
          <span className="absolute -right-1 -bottom-1 rounded-full bg-sidebar-solid p-[3px]">
            <PresenceDot active={presence === 'active'} label={words.presence[presence]} size={9} chrome />
          </span>
        </span>
        <span className="min-w-0 flex-1">
          <span className={`block truncate text-body ${unread > 0 ? 'font-black text-chrome-strong' : ''}`}>{name}</span>
          <span className="block truncate text-caption">
            {isNotesToSelf(conversation, me.id) ? words.people.notesToSelf : (people[partner]?.title ?? words.presence[presence])}
          </span>
        </span>
        {unread > 0 && <Badge count={unread} />}
      </Link>
    </li>
  )
}

function NoDirects() {
  return (
    <div className="flex flex-col items-center gap-3 p-6 text-center text-chrome-text">
      <MessagesSquare size={48} strokeWidth={1.25} aria-hidden />
      <p className="text-body">{words.sidebar.noDirects}</p>
      <Link to={pages.people} className="rounded-lg bg-chrome-tile px-3 py-1.5 text-body font-bold text-chrome-strong">
        {words.sidebar.startConversation}
      </Link>
    </div>
  )
}
