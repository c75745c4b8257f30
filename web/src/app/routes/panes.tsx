/** The small panes: the start, the lists, and what is not there. */
import { MessagesSquare } from 'lucide-react'
import { Link, Navigate, useOutletContext } from 'react-router'

import { isGeneral } from '~/api/naming'
import { useConversations } from '~/api/queries'
import { ChannelBrowser } from '~/features/conversation/ChannelBrowser'
import { PeopleList } from '~/features/people/PeopleList'
import { pages } from '~/lib/paths'
import { usePreferences } from '~/lib/preferences'
import { useMedia, WIDE } from '~/lib/use-media'
import { words } from '~/lib/words'
import { EmptyState } from '~/ui/states'

import { PanePending } from '../frame/BootFrame'
import type { Outer } from './ClientRoute'

/** Where one lands: the conversation one last read, or the first there is. */
export function HomePane() {
  const wide = useMedia(WIDE)
  const mine = useConversations().data
  const last = usePreferences((preferences) => preferences.lastConversation)
  if (!mine) return <PanePending />
  const target = mine.find(({ id }) => id === last) ?? mine.find(isGeneral) ?? mine[0]
  if (wide && target) return <Navigate to={pages.conversation(target.id)} replace />
  return <NothingChosen />
}

export function NothingChosen() {
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <EmptyState
        icon={<MessagesSquare size={48} strokeWidth={1.25} />}
        title={words.sidebar.startConversation}
        text={words.conversation.pickOne}
        action={
          <Link to={pages.people} className="inline-flex h-9 items-center rounded-lg bg-ok px-3 font-bold text-white hover:bg-ok-hover">
            {words.sidebar.findPeople}
          </Link>
        }
      />
    </main>
  )
}

export function ChannelsPane() {
  const { createChannel } = useOutletContext<Outer>()
  return (
    <main aria-label={words.channels.title} className="flex min-h-0 flex-1 flex-col">
      <title>{words.frame.titled(words.channels.title)}</title>
      <ChannelBrowser onCreateChannel={createChannel} />
    </main>
  )
}

export function PeoplePane() {
  return (
    <main aria-label={words.people.title} className="flex min-h-0 flex-1 flex-col">
      <title>{words.frame.titled(words.people.title)}</title>
      <PeopleList />
    </main>
  )
}

export function NotFound() {
  return (
    <main className="flex h-full flex-col bg-bg">
      <EmptyState
        icon={<MessagesSquare size={48} strokeWidth={1.25} />}
        title={words.errors.notFoundTitle}
        text={words.errors.notFoundText}
        action={
          <Link to={pages.client} className="font-bold text-link hover:underline">
            {words.errors.goHome}
          </Link>
        }
      />
    </main>
  )
}
