/** Where messages are written. Keeps the draft on this device; Enter sends, Shift+Enter makes a line. Mount one per conversation. */
import { clsx } from 'clsx'
import { SendHorizontal } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'

import { useClient } from '~/api/client'
import type { ConversationId } from '~/api/types'
import { draftOf, saveDraft } from '~/lib/drafts'
import { uuid7 } from '~/lib/uuid7'
import { words } from '~/lib/words'

import { TypingLine } from './TypingLine'
import { useTypingSignal } from './use-typing-signal'

/** Characters, as the server counts them. */
export const MAX_LENGTH = 12_000
const COUNT_FROM = 200
const DRAFT_AFTER_MS = 500

interface ComposerProps {
  conversation: ConversationId
  placeholder: string
}

export function Composer({ conversation, placeholder }: ComposerProps) {
  const { me, realtime } = useClient()
  const [text, setText] = useState(() => draftOf(me.id, conversation))
  const field = useRef<HTMLTextAreaElement>(null)
  const signal = useTypingSignal(conversation)
  const left = MAX_LENGTH - [...text].length
  const sendable = text.trim() !== '' && left >= 0
  useDraft(me.id, conversation, text)
  useGrowing(field, text)
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) field.current?.focus()
  }, [])

  function send(): void {
    if (!sendable) return
    realtime.take({ type: 'send', message: { id: uuid7(), conversation, text: text.trim(), at: Date.now() } })
    signal.sent()
    setText('')
    saveDraft(me.id, conversation, '')
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    // On touch keyboards Enter makes a line; the button sends.
    const sends = event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing && window.matchMedia('(pointer: fine)').matches
    if (!sends) return
    event.preventDefault()
    send()
  }

  return (
    <section aria-label={words.composer.region} className="shrink-0">
      <div data-composer className="mx-5 rounded-lg border border-line-2 bg-composer shadow-1 focus-within:border-fg-2">
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={placeholder}
          aria-label={placeholder}
          dir="auto"
          onChange={(event) => {
            setText(event.target.value)
            signal.typed(event.target.value)
          }}
          onKeyDown={onKeyDown}
          className="scrolls block max-h-[40dvh] min-h-[38px] w-full resize-none bg-transparent px-3 pt-[9px] pb-[7px] text-body text-fg outline-none placeholder:text-fg-3 focus-visible:shadow-none"
        />
        <div className="flex h-10 items-center justify-end gap-2 px-2">
          {left < COUNT_FROM && (
            <span role="status" className={clsx('text-micro tabular-nums', left < 0 ? 'text-danger-text' : 'text-fg-2')}>
              {left < 0 ? `${words.composer.tooLong} ${left}` : left}
            </span>
          )}
          <SendButton enabled={sendable} onClick={send} />
        </div>
      </div>
      <div className="flex h-6 items-center gap-4 px-5 text-micro text-fg-2">
        <TypingLine conversation={conversation} />
        {text !== '' && (
          <span className="hidden shrink-0 pane:block" aria-hidden>
            <strong>{words.composer.newLine[0]}</strong>
            {words.composer.newLine[1]}
          </span>
        )}
      </div>
    </section>
  )
}

function SendButton({ enabled, onClick }: { enabled: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={words.composer.send}
      title={words.composer.send}
      disabled={!enabled}
      onClick={onClick}
      className={clsx(
        'inline-flex h-7 w-9 items-center justify-center rounded-[4px] transition-colors duration-[80ms]',
        enabled ? 'bg-ok text-white hover:bg-ok-hover active:bg-ok-pressed' : 'cursor-default text-fg-3',
      )}
    >
      <SendHorizontal size={18} strokeWidth={1.75} aria-hidden className={clsx(!enabled && 'opacity-30')} />
    </button>
  )
}

/** Saves half a second after the last key, and at once when the conversation is left. */
function useDraft(user: string, conversation: ConversationId, text: string): void {
  const newest = useRef(text)
  useEffect(() => {
    newest.current = text
    const timer = setTimeout(() => saveDraft(user, conversation, text), DRAFT_AFTER_MS)
    return () => clearTimeout(timer)
  }, [user, conversation, text])
  useEffect(() => () => saveDraft(user, conversation, newest.current), [user, conversation])
}

/** The field is as high as its text; the style sheet sets the most. */
function useGrowing(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (!field.current) return
    field.current.style.height = 'auto'
    field.current.style.height = `${field.current.scrollHeight}px`
  }, [field, text])
}
