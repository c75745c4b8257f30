/** The title bar of a pane that is not a conversation. */
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

interface PaneHeaderProps {
  title: string
  back: string
  backLabel: string
  children?: ReactNode
}

export function PaneHeader({ title, back, backLabel, children }: PaneHeaderProps) {
  return (
    <header className="flex h-[52px] shrink-0 items-center gap-2 border-b border-line px-3 pane:h-[50px] pane:px-5">
      <Link to={back} aria-label={backLabel} className="flex size-9 items-center justify-center rounded-lg text-fg-2 hover:bg-hover pane:hidden">
        <ChevronLeft size={24} aria-hidden />
      </Link>
      <h1 className="min-w-0 flex-1 truncate text-title font-black text-strong">{title}</h1>
      {children}
    </header>
  )
}
