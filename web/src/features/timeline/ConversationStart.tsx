/** The very beginning of a conversation: what it is and who made it. */
import { Hash } from 'lucide-react'

import type { Conversation, UserId } from '~/api/types'
import { usePresence } from '~/lib/presence'
import { onDay } from '~/lib/dates'
import { words } from '~/lib/words'
import { Avatar } from '~/ui/Avatar'
import { PresenceDot } from '~/ui/PresenceDot'

interface ConversationStartProps {
  conversation: Conversation
  name: string
  creator: string
  /** The other person of a direct conversation. */
  partner: UserId
  isSelf: boolean
}

export function ConversationStart({ conversation, name, creator, partner, isSelf }: ConversationStartProps) {
  if (conversation.kind === 'channel') return <ChannelStart conversation={conversation} name={name} creator={creator} />
  if (conversation.kind === 'group') return <Intro heading={name} text={[words.timeline.groupStart]} />
  if (isSelf) return <Intro heading={name} text={[words.timeline.selfStart]} />
  return <DirectStart partner={partner} name={name} />
}

function ChannelStart({ conversation, name, creator }: { conversation: Conversation; name: string; creator: string }) {
  return (
    <div className="px-5 pt-8 pb-2">
      <span className="mb-3 flex size-10 items-center justify-center rounded-lg bg-bg-3 text-strong" aria-hidden>
        <Hash size={24} strokeWidth={1.75} />
      </span>
      <h2 className="text-[28px] leading-[34px] font-black break-words text-strong">#{name}</h2>
      <Sentence pieces={words.timeline.channelStart(creator, name, onDay(conversation.created_at))} />
      {conversation.description && <p className="mt-1 text-[17px] leading-[26px] text-fg-2">{conversation.description}</p>}
    </div>
  )
}

function DirectStart({ partner, name }: { partner: UserId; name: string }) {
  const presence = usePresence(partner)
  return (
    <div className="px-5 pt-8 pb-2">
      <div className="mb-3 flex items-center gap-3">
        <Avatar id={partner} name={name} size={100} />
        <h2 className="text-title font-black text-strong">{name}</h2>
        <PresenceDot active={presence === 'active'} label={words.presence[presence]} size={9} />
      </div>
      <Sentence pieces={words.timeline.directStart(name)} />
    </div>
  )
}

function Intro({ heading, text }: { heading: string; text: string[] }) {
  return (
    <div className="px-5 pt-8 pb-2">
      <h2 className="text-title font-black text-strong">{heading}</h2>
      <Sentence pieces={text} />
    </div>
  )
}

/** The middle piece of three is the name, in bold. */
function Sentence({ pieces }: { pieces: string[] }) {
  return (
    <p className="mt-1 text-[17px] leading-[26px] text-fg-2">
      {pieces.map((piece, index) => (index === 1 ? <strong key={index}>{piece}</strong> : piece))}
    </p>
  )
}
