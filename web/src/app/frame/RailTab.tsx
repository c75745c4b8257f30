/** A tab of the rail: a 36-pixel tile and its label, one every 68 pixels. */
import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Link } from 'react-router'

interface FaceProps {
  icon: LucideIcon
  label: string
  active: boolean
  /** Something is unread, uncounted. */
  dot?: boolean
  count?: number
}

const box = 'group flex h-[68px] w-[68px] flex-col items-center rounded-lg'

export function RailTab({ to, ...face }: FaceProps & { to: string }) {
  return (
    <Link to={to} data-rail-tab aria-current={face.active ? 'page' : undefined} className={box}>
      <Face {...face} />
    </Link>
  )
}

export function RailButton({ icon, label, active, ...others }: FaceProps & ComponentProps<'button'>) {
  return (
    <button type="button" data-rail-tab {...others} className={box}>
      <Face icon={icon} label={label} active={active} />
    </button>
  )
}

function Face({ icon: Icon, label, active, dot = false, count = 0 }: FaceProps) {
  return (
    <>
      <span
        data-rail-tile
        className={clsx('relative flex size-9 items-center justify-center rounded-lg', active ? 'bg-chrome-tile text-chrome-strong' : 'text-chrome-text group-hover:bg-chrome-hover')}
      >
        <Icon
          size={20}
          strokeWidth={1.75}
          aria-hidden
          fill={active ? 'currentColor' : 'none'}
          fillOpacity={0.35}
          className="transition-transform duration-[80ms] group-hover:scale-110 motion-reduce:transform-none"
        />
        {count > 0 && (
          <span data-rail-badge className="absolute -top-1 -right-1.5 flex h-4 items-center rounded-xl bg-badge px-[5px] text-[10px] leading-[15px] font-bold text-badge-fg">
            {count > 99 ? '99+' : count}
          </span>
        )}
        {dot && count === 0 && <span data-rail-dot className="absolute top-0 right-0 size-2 rounded-full bg-badge" />}
      </span>
      <span className={clsx('mt-1 text-[11px] leading-3 font-bold', active ? 'text-chrome-strong' : 'text-chrome-text')}>{label}</span>
    </>
  )
}
