/** A foldable part of the sidebar. Folded, it still shows what is unread and what is open. */
import { clsx } from 'clsx'
import { ChevronDown, ChevronRight, Plus } from 'lucide-react'
import type { ReactNode } from 'react'

import type { People } from '~/api/roster'
import type { Conversation, ConversationId } from '~/api/types'
import { toggleSection, usePreferences } from '~/lib/preferences'
import { words } from '~/lib/words'
import { IconButton } from '~/ui/IconButton'
import { Menu, MenuItem } from '~/ui/Menu'

import { ConversationRow } from './ConversationRow'

interface SectionProps {
  id: string
  title: string
  conversations: readonly Conversation[]
  people: People
  selected: ConversationId | null
  stop: string | null
  menu: readonly { label: string; onSelect: () => void }[]
  children: ReactNode
}

export function Section({ id, title, conversations, people, selected, stop, menu, children }: SectionProps) {
  const folded = usePreferences((preferences) => preferences.folded[id] ?? false)
  const shown = folded ? conversations.filter(({ id: own, unread_count }) => own === selected || unread_count > 0) : conversations
  const Caret = folded ? ChevronRight : ChevronDown
  return (
    <div
      role="treeitem"
      aria-level={1}
      aria-expanded={!folded}
      aria-selected={false}
      aria-label={title}
      tabIndex={stop === id ? 0 : -1}
      data-item={id}
      className="group/section mb-2.5 rounded-md"
    >
      <div className="group/head flex h-11 items-center gap-1 rounded-md pr-1 pl-1.5 text-body text-chrome-heading hover:bg-chrome-hover pane:h-7">
        <button type="button" data-toggle tabIndex={-1} onClick={() => toggleSection(id)} className="flex h-full min-w-0 flex-1 items-center gap-2 text-left">
          <Caret size={18} strokeWidth={1.75} aria-hidden className="shrink-0" />
          <span className="truncate">{title}</span>
        </button>
        <Menu
          label={words.sidebar.sectionMenu(title)}
          trigger={
            <IconButton
              label={words.sidebar.sectionMenu(title)}
              size={24}
              chrome
              className={clsx('pane:opacity-0 pane:group-hover/head:opacity-100 pane:focus-visible:opacity-100 pane:aria-expanded:opacity-100')}
            >
              <Plus size={18} strokeWidth={1.75} aria-hidden />
            </IconButton>
          }
        >
          {menu.map(({ label, onSelect }) => (
            <MenuItem key={label} onSelect={onSelect}>
              {label}
            </MenuItem>
          ))}
        </Menu>
      </div>
      <div role="group">
        {shown.map((conversation) => (
          <ConversationRow
            key={conversation.id}
            conversation={conversation}
            people={people}
            selected={conversation.id === selected}
            tabStop={stop === conversation.id}
          />
        ))}
        {!folded && children}
      </div>
    </div>
  )
}
