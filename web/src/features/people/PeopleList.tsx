/** Everyone but me, by pages, or those with a name like this. A click opens the direct conversation, there already or not. */
import { UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'

import { useClient } from '~/api/client'
import { displayName } from '~/api/naming'
import { problemToWords, requestIdOf } from '~/api/problem'
import { useOpenDirect, usePeopleNamed } from '~/api/queries'
import type { User, UserId } from '~/api/types'
import { pages } from '~/lib/paths'
import { usePresence } from '~/lib/presence'
import { useDebounced } from '~/lib/use-debounced'
import { words } from '~/lib/words'
import { Avatar } from '~/ui/Avatar'
import { Button } from '~/ui/Button'
import { PaneHeader } from '~/ui/PaneHeader'
import { PresenceDot } from '~/ui/PresenceDot'
import { SearchField } from '~/ui/SearchField'
import { Spinner } from '~/ui/Spinner'
import { EmptyState, ErrorState, MessageSkeleton } from '~/ui/states'
import { toast } from '~/ui/toast'

/** Somebody who types on is not done yet. */
const TYPED_MS = 200

export function PeopleList() {
  const [typed, setTyped] = useState('')
  const q = useDebounced(typed.trim(), TYPED_MS)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PaneHeader title={words.people.title} back={pages.client} backLabel={words.conversation.backToList} />
      <SearchField label={words.people.search} value={typed} onChange={setTyped} />
      <People q={q} />
    </div>
  )
}

function People({ q }: { q: string }) {
  const { me } = useClient()
  const people = usePeopleNamed(q)
  const { open, opening } = useOpening()
  if (people.isPending) return <MessageSkeleton rows={6} label={words.frame.loading} />
  if (people.isError) {
    const request = requestIdOf(people.error)
    return (
      <ErrorState
        title={words.errors.loadTitle}
        text={problemToWords(people.error)}
        requestId={request && words.problems.requestId(request)}
        action={<Button onClick={() => void people.refetch()}>{words.actions.tryAgain}</Button>}
      />
    )
  }
  const found = people.data.pages.flatMap(({ items }) => items).filter(({ id }) => id !== me.id)
  if (found.length === 0 && !people.hasNextPage) return <Nobody searching={q !== ''} />
  return (
    <div className="scrolls min-h-0 flex-1 px-5 pt-1 pb-6">
      <ul aria-label={words.people.title} className="grid auto-rows-max grid-cols-[repeat(auto-fill,minmax(240px,1fr))] gap-3">
        {found.map((user) => (
          <PersonCard key={user.id} user={user} busy={opening === user.id} onOpen={() => void open(user)} />
        ))}
      </ul>
      {people.hasNextPage && (
        <Button className="mt-3" busy={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
          {words.people.more}
        </Button>
      )}
    </div>
  )
}

function Nobody({ searching }: { searching: boolean }) {
  const icon = <UsersRound size={48} strokeWidth={1.25} />
  if (searching) return <EmptyState icon={icon} title={words.people.none} text={words.people.noneHint} />
  return <EmptyState icon={icon} title={words.people.alone} text={words.people.aloneHint} />
}

function useOpening() {
  const openDirect = useOpenDirect()
  const navigate = useNavigate()
  const [opening, setOpening] = useState<UserId | null>(null)
  async function open(user: User): Promise<void> {
    setOpening(user.id)
    try {
      await navigate(pages.conversation(await openDirect(user)))
    } catch (problem) {
      toast.error(problemToWords(problem))
    } finally {
      setOpening(null)
    }
  }
  return { open, opening }
}

function PersonCard({ user, busy, onOpen }: { user: User; busy: boolean; onOpen: () => void }) {
  const presence = usePresence(user.id)
  const name = displayName(user)
  return (
    <li>
      <button
        type="button"
        aria-label={words.people.message(name)}
        disabled={busy}
        onClick={onOpen}
        className="flex h-[72px] w-full items-center gap-3 rounded-lg border border-line px-4 text-left hover:bg-bg-2"
      >
        <span className="relative">
          <Avatar id={user.id} name={name} size={36} />
          <span className="absolute -right-1 -bottom-1 rounded-full bg-bg p-[3px]">
            <PresenceDot active={presence === 'active'} label={words.presence[presence]} size={9} />
          </span>
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-bold text-strong">{name}</span>
          <span className="block truncate text-caption text-fg-2">{user.title ?? words.presence[presence]}</span>
        </span>
        {busy && <Spinner />}
      </button>
    </li>
  )
}
