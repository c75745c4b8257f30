/** The tabs at the bottom of a small window. */
import { clsx } from 'clsx'
import { CircleUserRound, House, type LucideIcon, MessagesSquare } from 'lucide-react'
import { Link, useLocation } from 'react-router'

import { pages } from '~/lib/paths'
import { words } from '~/lib/words'

const tabs: readonly (readonly [string, string, LucideIcon])[] = [
  [pages.client, words.frame.home, House],
  [pages.directMessages, words.frame.dms, MessagesSquare],
  [pages.you, words.frame.you, CircleUserRound],
]

export function MobileTabs({ hidden }: { hidden: boolean }) {
  const { pathname } = useLocation()
  return (
    <nav
      aria-label={words.frame.railLabel}
      data-mobile-tabs
      className={clsx('shrink-0 border-t border-line bg-bg pb-[env(safe-area-inset-bottom)] pane:hidden', hidden && 'hidden')}
    >
      <div className="flex h-14">
        {tabs.map(([to, label, Icon]) => (
          <Link
            key={to}
            to={to}
            aria-current={pathname === to ? 'page' : undefined}
            className={clsx('flex flex-1 flex-col items-center justify-center gap-0.5 text-[11px] leading-3 font-bold', pathname === to ? 'text-strong' : 'text-fg-2')}
          >
            <Icon size={22} strokeWidth={1.75} aria-hidden fill={pathname === to ? 'currentColor' : 'none'} fillOpacity={0.2} />
            {label}
          </Link>
        ))}
      </div>
    </nav>
  )
}
