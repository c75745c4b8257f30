/** Who is typing where. An entry lives six seconds, or until that person's message arrives. */
import { create } from 'zustand'
import { useShallow } from 'zustand/shallow'

const LIVES_MS = 6_000

type Typists = Readonly<Record<string, Readonly<Record<string, number>>>>

const useTypingStore = create<{ typists: Typists }>(() => ({ typists: {} }))

/** The entry takes itself away; `run` numbers it so that a newer one is not cut short. */
export function noteTyping(conversation: string, user: string): void {
  const run = setTimeout(() => clearTyping(conversation, user), LIVES_MS) as unknown as number
  const before = useTypingStore.getState().typists[conversation]?.[user]
  if (before !== undefined) clearTimeout(before)
  useTypingStore.setState(({ typists }) => ({
    typists: { ...typists, [conversation]: { ...typists[conversation], [user]: run } },
  }))
}

export function clearTyping(conversation: string, user: string): void {
  const run = useTypingStore.getState().typists[conversation]?.[user]
  if (run === undefined) return
  clearTimeout(run)
  useTypingStore.setState(({ typists }) => {
    const { [user]: _gone, ...others } = typists[conversation] ?? {}
    return { typists: { ...typists, [conversation]: others } }
  })
}

export function useTypists(conversation: string): string[] {
  return useTypingStore(useShallow(({ typists }) => Object.keys(typists[conversation] ?? {})))
}
