/** A short name on the inverse surface, shown after a moment's hover or on keyboard focus. */
import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'

interface TooltipProps {
  label: string
  side?: 'top' | 'bottom' | 'right'
  children: ReactElement<Record<string, unknown>>
}

export function Tooltip({ label, side = 'top', children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} delay={300} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-[1100]">
          <Base.Popup className="max-w-[260px] rounded-lg bg-tip px-3 py-2 text-caption font-bold text-tip-fg">{label}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
