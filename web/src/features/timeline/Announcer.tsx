/** Says new messages of others in the open conversation to those who listen instead of look. */
import { useState } from 'react'

import { displayName } from '~/api/naming'
import type { People } from '~/api/roster'
import type { UserId } from '~/api/types'
import { words } from '~/lib/words'

import type { Timeline } from './apply-delta'

interface AnnouncerProps {
  timeline: Timeline
  people: People
  me: UserId
}

export function Announcer({ timeline, people, me }: AnnouncerProps) {
  const newest = timeline.entries.findLast(({ author, position }) => author !== me && position !== null)
  // What was there at opening is read in the list, not announced.
  const [opened] = useState(newest?.position ?? 0)
  const [failed] = useState(() => countFailed(timeline))
  // What somebody says is read out once, with her name.
  const isNamed = newest !== undefined && people[newest.author] !== undefined
  return (
    <div className="sr-only">
      <div aria-live="polite">{isNamed && (newest.position ?? 0) > opened ? words.timeline.announce(displayName(people[newest.author]), newest.text) : ''}</div>
      <div aria-live="assertive">{countFailed(timeline) > failed ? words.timeline.sendFailed : ''}</div>
    </div>
  )
}

function countFailed({ entries }: Timeline): number {
  return entries.filter(({ delivery }) => delivery === 'failed').length
}
