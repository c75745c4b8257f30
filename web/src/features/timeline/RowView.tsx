/** Draws one row of the list, whatever its kind. */
import { memo } from 'react'

import { useClient } from '~/api/client'
import { partnerOf } from '~/api/conversations'
import { displayName } from '~/api/naming'
import type { People } from '~/api/roster'
import type { Conversation } from '~/api/types'

import { ConversationStart } from './ConversationStart'
import { DayDivider, NewDivider, OlderRow } from './dividers'
import { MessageRow } from './MessageRow'
import type { Row } from './rows'

interface RowViewProps {
  row: Row
  place: number
  total: number
  conversation: Conversation
  name: string
  people: People
  focusable: boolean
  ghost: boolean
  /** The day's pill floats at the top instead. */
  pillAway: boolean
  olderFailed: boolean
  onOlder: () => void
  onRetry: (id: string) => void
  onDiscard: (id: string) => void
}

export const RowView = memo(function RowView(props: RowViewProps) {
  const { row, people } = props
  switch (row.kind) {
    case 'older':
      return (
        <div role="listitem">
          <OlderRow failed={props.olderFailed} onRetry={props.onOlder} />
        </div>
      )
    case 'start':
      return (
        <div role="listitem">
          <Start {...props} />
        </div>
      )
    case 'day':
      return <DayDivider at={row.at} isNew={row.isNew} ghost={props.ghost} pillAway={props.pillAway} />
    case 'new':
      return <NewDivider ghost={props.ghost} />
    case 'message':
      return (
        <MessageRow
          entry={row.entry}
          author={displayName(people[row.entry.author])}
          compact={row.compact}
          place={props.place}
          total={props.total}
          focusable={props.focusable}
          onRetry={props.onRetry}
          onDiscard={props.onDiscard}
        />
      )
  }
})

function Start({ conversation, name, people }: RowViewProps) {
  const { me } = useClient()
  const partner = partnerOf(conversation, me.id)
  return (
    <ConversationStart
      conversation={conversation}
      name={name}
      creator={displayName(people[conversation.created_by])}
      partner={partner}
      isSelf={conversation.kind === 'direct' && partner === me.id}
    />
  )
}
