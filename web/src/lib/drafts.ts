/** What a person has written and not sent, per conversation. Survives a reload. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'

interface Drafts {
  drafts: Readonly<Record<string, string>>
}

const useDraftStore = create<Drafts>()(persist<Drafts>(() => ({ drafts: {} }), { name: 'confab.drafts' }))

const keyOf = (user: string, conversation: string) => `${user}.${conversation}`

export function draftOf(user: string, conversation: string): string {
  return useDraftStore.getState().drafts[keyOf(user, conversation)] ?? ''
}

export function saveDraft(user: string, conversation: string, text: string): void {
  useDraftStore.setState(({ drafts }) => {
    const { [keyOf(user, conversation)]: _old, ...others } = drafts
    return { drafts: text.trim() === '' ? others : { ...others, [keyOf(user, conversation)]: text } }
  })
}

export function useHasDraft(user: string, conversation: string): boolean {
  return useDraftStore(({ drafts }) => drafts[keyOf(user, conversation)] !== undefined)
}
