/** The list of my conversations: channels, then direct messages. */
import { Plus } from 'lucide-react'
import { useRef } from 'react'
import { Link, useNavigate } from 'react-router'

import { useClient } from '~/api/client'
import { peopleOf } from '~/api/conversations'
import { byName } from '~/api/naming'
import { useConversations } from '~/api/queries'
import { problemToWords, requestIdOf } from '~/api/problem'
import { usePeople } from '~/api/roster'
import type { Conversation, ConversationId } from '~/api/types'
import { pages } from '~/lib/paths'
import { words } from '~/lib/words'
import { Button } from '~/ui/Button'
import { SidebarSkeleton } from '~/ui/states'

import { MoreUnread } from './MoreUnread'
import { Section } from './Section'
import { SidebarHeader } from './SidebarHeader'
import { useTreeKeys } from './use-tree-keys'

interface SidebarProps {
  selected: ConversationId | null
  onCreateChannel: () => void
}

export function Sidebar({ selected, onCreateChannel }: SidebarProps) {
  const conversations = useConversations()
  return (
    <nav aria-label={words.sidebar.label} className="flex h-full min-h-0 flex-col">
      <SidebarHeader onCreateChannel={onCreateChannel} />
      {conversations.data ? (
        <Tree conversations={conversations.data} selected={selected} onCreateChannel={onCreateChannel} />
      ) : conversations.error ? (
        <SidebarProblem problem={conversations.error} onRetry={() => void conversations.refetch()} />
      ) : (
        <SidebarSkeleton label={words.frame.loading} />
      )}
    </nav>
  )
}

interface TreeProps extends SidebarProps {
  conversations: readonly Conversation[]
}

function Tree({ conversations, selected, onCreateChannel }: TreeProps) {
  const { me } = useClient()
  const navigate = useNavigate()
  const list = useRef<HTMLDivElement>(null)
  const { onFocus, onKeyDown, stop } = useTreeKeys(selected ?? 'channels')
  const people = usePeople(conversations.flatMap(peopleOf))
  const channels = conversations.filter(({ kind }) => kind === 'channel').sort(byName(people, me.id))
  const directs = conversations.filter(({ kind }) => kind !== 'channel').sort(byName(people, me.id))
  const known = stop === 'channels' || stop === 'directs' || conversations.some(({ id }) => id === stop)
  const place = { people, selected, stop: known ? stop : 'channels' }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div ref={list} role="tree" aria-label={words.sidebar.label} tabIndex={-1} onFocus={onFocus} onKeyDown={onKeyDown} className="scrolls min-h-0 flex-1 px-2 pt-2.5 pb-4">
        <Section
          id="channels"
          title={words.sidebar.channels}
          conversations={channels}
          {...place}
          menu={[
            { label: words.sidebar.createChannel, onSelect: onCreateChannel },
            { label: words.sidebar.browseChannels, onSelect: () => void navigate(pages.channels) },
          ]}
        >
          <PlusRow to={pages.channels} label={words.sidebar.addChannels} />
        </Section>
        <Section
          id="directs"
          title={words.sidebar.directMessages}
          conversations={directs}
          {...place}
          menu={[{ label: words.sidebar.findPeople, onSelect: () => void navigate(pages.people) }]}
        >
          <PlusRow to={pages.people} label={words.sidebar.findPeople} />
        </Section>
      </div>
      <MoreUnread list={list} changed={conversations} />
    </div>
  )
}

/** The last row of a section: the way to more. */
function PlusRow({ to, label }: { to: string; label: string }) {
  return (
    <Link
      to={to}
      role="treeitem"
      aria-level={2}
      aria-selected={false}
      aria-label={label}
      tabIndex={-1}
      data-item={to}
      className="flex h-11 items-center gap-1.5 rounded-md pr-2 pl-[22px] text-body text-chrome-text hover:bg-chrome-hover pane:h-7"
    >
      <span className="flex size-5 items-center justify-center rounded-[5px] bg-chrome-hover">
        <Plus size={14} aria-hidden />
      </span>
      {label}
    </Link>
  )
}

function SidebarProblem({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  const request = requestIdOf(problem)
  return (
    <div role="alert" className="flex flex-col items-start gap-2 p-4 text-caption text-chrome-strong">
      <p>{problemToWords(problem)}</p>
      {request && <p className="text-micro text-chrome-text">{words.problems.requestId(request)}</p>}
      <Button size={28} onClick={onRetry}>
        {words.actions.tryAgain}
      </Button>
    </div>
  )
}
