/** One conversation: header, messages, and where one writes. Joins the features that know of each part. */
import { useEffect } from 'react'
import { useParams } from 'react-router'

import { useClient } from '~/api/client'
import { peopleOf } from '~/api/conversations'
import { conversationName, isNotesToSelf } from '~/api/naming'
import { Problem, problemToWords, requestIdOf } from '~/api/problem'
import { useConversation, useConversations } from '~/api/queries'
import { usePeople } from '~/api/roster'
import type { Conversation } from '~/api/types'
import { Composer } from '~/features/composer/Composer'
import { ConversationHeader } from '~/features/conversation/ConversationHeader'
import { JoinBar } from '~/features/conversation/JoinBar'
import { MessageList } from '~/features/timeline/MessageList'
import { useTimeline } from '~/features/timeline/timeline-cache'
import { usePreferences } from '~/lib/preferences'
import { words } from '~/lib/words'
import { Button } from '~/ui/Button'
import { Pane } from '~/ui/Pane'
import { ErrorState } from '~/ui/states'

import { PanePending } from '../frame/BootFrame'
import { ReconnectingBar } from '../frame/ConnectionNotices'
import { useUnread } from '../use-unread'

export function ConversationRoute() {
  const { conversation: id = '' } = useParams()
  const { conversation, error, retry } = useConversation(id)
  if (error) return <ConversationProblem problem={error} onRetry={retry} />
  if (!conversation) return <PanePending />
  return <OpenConversation key={id} conversation={conversation} />
}

function OpenConversation({ conversation }: { conversation: Conversation }) {
  const { me } = useClient()
  const people = usePeople(peopleOf(conversation))
  const { id, kind, is_member } = conversation
  const name = conversationName(conversation, people, me.id)
  const self = isNotesToSelf(conversation, me.id)
  useEffect(() => {
    usePreferences.setState({ lastConversation: id })
  }, [id])
  const placeholder = self ? words.composer.toSelf : kind === 'channel' ? words.composer.toChannel(name) : words.composer.toPerson(name)
  return (
    <main aria-label={words.conversation.main(kind === 'channel' ? `#${name}` : name)} className="flex min-h-0 flex-1 flex-col">
      <Title conversation={conversation} name={name} />
      <ConversationHeader conversation={conversation} name={name} />
      <ReconnectingBar />
      <Pane>
        <Messages conversation={conversation} name={name} />
      </Pane>
      {is_member ? <Composer conversation={id} placeholder={placeholder} /> : <JoinBar conversation={id} name={name} />}
    </main>
  )
}

function Messages({ conversation, name }: { conversation: Conversation; name: string }) {
  const { timeline, error, retry } = useTimeline(conversation.id)
  if (timeline) return <MessageList conversation={conversation} name={name} timeline={timeline} />
  return error ? <ConversationProblem problem={error} onRetry={retry} /> : <PanePending />
}

/** The window's title: a star while something is unread. */
function Title({ conversation, name }: { conversation: Conversation; name: string }) {
  const unread = useUnread(useConversations().data)
  const mark = unread.directs > 0 ? '! ' : unread.channels ? '* ' : ''
  return <title>{mark + words.conversation.title(name, conversation.kind === 'channel' ? 'Channel' : 'DM')}</title>
}

function ConversationProblem({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  const absent = problem instanceof Problem && (problem.status === 404 || problem.status === 422 || problem.status === 400)
  const request = requestIdOf(problem)
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <ErrorState
        title={absent ? words.errors.notFoundTitle : words.errors.loadTitle}
        text={absent ? words.conversation.noSuch : problemToWords(problem)}
        requestId={request && words.problems.requestId(request)}
        action={absent ? undefined : <Button onClick={onRetry}>{words.actions.tryAgain}</Button>}
      />
    </main>
  )
}
