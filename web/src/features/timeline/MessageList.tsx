/** The messages of one conversation: virtual rows, anchored to the end, growing upwards as one scrolls. Mount one per conversation. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'

import { useClient } from '~/api/client'
import { usePeople } from '~/api/roster'
import type { Conversation } from '~/api/types'
import { useWindowActive } from '~/lib/window-active'
import { words } from '~/lib/words'

import type { Timeline } from './apply-delta'
import { Announcer } from './Announcer'
import { DayPill } from './dividers'
import { LatestPill, UnreadBanner } from './Pills'
import { RowView } from './RowView'
import { buildRows, dayAt, newLineAt } from './rows'
import { deliver, trimTimeline, useOlder } from './timeline-cache'
import { freshSince, useNewLine } from './use-new-line'
import { useMarkRead } from './use-mark-read'
import { useRowFocus } from './use-row-focus'
import { placeOf, useScroll, wasPrepended } from './use-scroll'

interface MessageListProps {
  conversation: Conversation
  name: string
  timeline: Timeline
}

export function MessageList({ conversation, name, timeline }: MessageListProps) {
  const { id } = conversation
  const { me, realtime } = useClient()
  const authors = useMemo(() => new Set(timeline.entries.map(({ author }) => author)), [timeline.entries])
  const people = usePeople([conversation.created_by, ...authors])
  const cache = useQueryClient()
  const list = useRef<VirtualizerHandle>(null)
  const active = useWindowActive()
  const { fetchOlder, failed } = useOlder(id)
  const [attentive, setAttentive] = useState(true)
  const newLine = useNewLine(conversation, attentive)
  const rows = useMemo(() => buildRows(timeline, { me: me.id, newAfter: newLine.after }), [timeline, me.id, newLine.after])
  const onNearTop = useCallback(() => void fetchOlder(), [fetchOlder])
  const { view, toEnd, onScroll, onResize } = useScroll(id, rows, list, onNearTop)
  const looking = active && view.atEnd
  if (attentive !== looking) setAttentive(looking)
  const markNow = useMarkRead(conversation, looking)
  const { focusKey, keep, onKeyDown } = useRowFocus(rows, list)

  const [drawn, setDrawn] = useState({ rows, prepended: false })
  if (drawn.rows !== rows) setDrawn({ rows, prepended: wasPrepended(drawn.rows, rows) })
  const [sizes] = useState(() => placeOf(id, rows.length)?.sizes)

  useEffect(() => () => trimTimeline(cache, id), [cache, id])

  const onRetry = useCallback((message: string) => realtime.take({ type: 'retry', id: message }), [realtime])
  const onDiscard = useCallback(
    (message: string) => {
      realtime.take({ type: 'discard', id: message })
      deliver(cache, id, { kind: 'message_discarded', id: message })
    },
    [cache, id, realtime],
  )

  const newAt = newLineAt(rows)
  const news = freshSince(timeline, newLine.after, me.id)
  const below = freshSince(timeline, newLine.seenTo, me.id)
  const day = dayAt(rows, view.first)
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {newAt >= 0 && newAt < view.first && news[0] && !newLine.dismissed ? (
        <UnreadBanner
          count={news.length}
          since={news[0].posted_at}
          onJump={() => list.current?.scrollToIndex(Math.max(0, newAt - 2), { align: 'start' })}
          onMarkRead={() => (newLine.dismiss(), markNow())}
        />
      ) : (
        view.floats && day && (
          <div className="pointer-events-none absolute inset-x-0 top-2 z-[199] text-center" aria-hidden>
            <DayPill at={day} floating />
          </div>
        )
      )}
      {/* The list handles keys for the rows inside it, which carry the roles and the focus. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        role="list"
        aria-label={words.timeline.list(name)}
        data-message-list
        onKeyDown={onKeyDown}
        className="scrolls flex min-h-0 flex-1 flex-col pb-2 [overflow-anchor:none]"
      >
        <div className="grow" role="presentation" />
        <Virtualizer ref={list} shift={drawn.prepended} cache={sizes} keepMounted={keep} onScroll={onScroll} onResize={onResize} bufferSize={400}>
          {rows.map((row, index) => (
            <RowView
              key={row.key}
              row={row}
              place={index + 1}
              total={rows.length}
              conversation={conversation}
              name={name}
              people={people}
              focusable={row.key === focusKey}
              ghost={newLine.ghost}
              pillAway={view.floats && index === view.first}
              olderFailed={failed}
              onOlder={onNearTop}
              onRetry={onRetry}
              onDiscard={onDiscard}
            />
          ))}
        </Virtualizer>
      </div>
      {(view.farFromEnd || (!view.atEnd && below.length > 0)) && <LatestPill fresh={below.length} onJump={toEnd} />}
      <Announcer timeline={timeline} people={people} me={me.id} />
    </div>
  )
}
