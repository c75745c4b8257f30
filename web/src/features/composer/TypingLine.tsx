/** Who is typing here, in words, with three dots before. */
import { displayName } from '~/api/naming'
import { usePeople } from '~/api/roster'
import type { ConversationId } from '~/api/types'
import { useTypists } from '~/lib/typing'
import { words } from '~/lib/words'

export function TypingLine({ conversation }: { conversation: ConversationId }) {
  const typists = useTypists(conversation)
  const people = usePeople(typists)
  // Nobody is said to type before one can say who.
  const names = typists.filter((user) => people[user] !== undefined).map((user) => displayName(people[user]))
  return (
    <div data-typing-line role="status" className="flex min-w-0 flex-1 items-center gap-1.5 truncate">
      {names.length > 0 && (
        <>
          <span className="dots flex gap-0.5" aria-hidden>
            {[0, 1, 2].map((dot) => (
              <i key={dot} className="size-1 rounded-full bg-fg-2" />
            ))}
          </span>
          <span className="truncate">
            <TypingWords names={names} />
          </span>
        </>
      )}
    </div>
  )
}

export function TypingWords({ names }: { names: readonly string[] }) {
  const [first, second] = names
  if (names.length > 2) return words.typing.several
  if (names.length === 1) {
    return (
      <>
        <strong>{first}</strong>
        {words.typing.one}
      </>
    )
  }
  return (
    <>
      <strong>{first}</strong>
      {words.typing.and}
      <strong>{second}</strong>
      {words.typing.two}
    </>
  )
}
