/** All public channels: look, join, leave. */
import { Check, Hash, Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Link } from 'react-router'

import { isGeneral } from '~/api/naming'
import { problemToWords, requestIdOf } from '~/api/problem'
import { useChannels } from '~/api/queries'
import type { Conversation } from '~/api/types'
import { pages } from '~/lib/paths'
import { words } from '~/lib/words'
import { Button } from '~/ui/Button'
import { PaneHeader } from '~/ui/PaneHeader'
import { SearchField } from '~/ui/SearchField'
import { EmptyState, ErrorState, MessageSkeleton } from '~/ui/states'

import { useMembership } from './use-membership'

export function ChannelBrowser({ onCreateChannel }: { onCreateChannel: () => void }) {
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed.trim().toLowerCase())
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PaneHeader title={words.channels.title} back={pages.client} backLabel={words.conversation.backToList}>
        <Button size={28} onClick={onCreateChannel}>
          {words.channels.create}
        </Button>
      </PaneHeader>
      <SearchField label={words.channels.search} value={typed} onChange={setTyped} />
      <Channels q={q} onCreateChannel={onCreateChannel} />
    </div>
  )
}

function Channels({ q, onCreateChannel }: { q: string; onCreateChannel: () => void }) {
  const channels = useChannels(q)
  if (channels.isPending) return <MessageSkeleton rows={5} label={words.frame.loading} />
  if (channels.isError) {
    const request = requestIdOf(channels.error)
    return (
      <ErrorState
        title={words.errors.loadTitle}
        text={problemToWords(channels.error)}
        requestId={request && words.problems.requestId(request)}
        action={<Button onClick={() => void channels.refetch()}>{words.actions.tryAgain}</Button>}
      />
    )
  }
  const found = channels.data.pages.flatMap(({ items }) => items)
  if (found.length === 0) {
    return (
      <EmptyState
        icon={<Search size={48} strokeWidth={1.25} />}
        title={words.channels.none}
        text={words.channels.noneHint}
        action={<Button onClick={onCreateChannel}>{words.channels.create}</Button>}
      />
    )
  }
  return (
    <div className="scrolls min-h-0 flex-1 px-5 pb-6">
      <ul className="rounded-lg border border-line">
        {found.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} />
        ))}
      </ul>
      {channels.hasNextPage && (
        <Button className="mt-3" busy={channels.isFetchingNextPage} onClick={() => void channels.fetchNextPage()}>
          {words.channels.more}
        </Button>
      )}
    </div>
  )
}

function ChannelRow({ channel }: { channel: Conversation }) {
  const name = channel.name ?? ''
  const { join, leave, busy } = useMembership(channel.id, name)
  return (
    <li className="group flex min-h-16 items-center gap-2 border-b border-line px-4 py-2 last:border-b-0 hover:bg-bg-2">
      <Link to={pages.conversation(channel.id)} className="min-w-0 flex-1 rounded-md">
        <span className="flex items-center gap-1 font-bold text-strong">
          <Hash size={16} strokeWidth={2} aria-hidden />
          <span className="truncate">{name}</span>
        </span>
        <span className="flex items-center gap-1 truncate text-caption text-fg-2">
          {channel.is_member && (
            <span className="flex shrink-0 items-center gap-0.5 font-bold text-ok dark:text-[#3fbf97]">
              <Check size={14} aria-hidden />
              {words.channels.joined}
              {' ·'}
            </span>
          )}
          <span className="shrink-0">{words.conversation.members(channel.member_count)}</span>
          {channel.description && <span className="truncate">· {channel.description}</span>}
        </span>
      </Link>
      <div className="flex gap-2 pane:opacity-0 pane:group-focus-within:opacity-100 pane:group-hover:opacity-100">
        {isGeneral(channel) ? null : channel.is_member ? (
          <Button size={28} busy={busy} aria-label={`${words.channels.leave} #${name}`} onClick={() => void leave()}>
            {words.channels.leave}
          </Button>
        ) : (
          <Button size={28} look="primary" busy={busy} aria-label={`${words.channels.join} #${name}`} onClick={() => void join()}>
            {words.channels.join}
          </Button>
        )}
      </div>
    </li>
  )
}
