/** Menus: a trigger, and items in blue on hover. Keyboard and roles come from Base UI. */
import { Menu as Base } from '@base-ui/react/menu'
import { clsx } from 'clsx'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'

interface MenuProps {
  trigger: ReactElement<Record<string, unknown>>
  label: string
  side?: 'top' | 'bottom' | 'right'
  align?: 'start' | 'center' | 'end'
  width?: number
  children: ReactNode
}

export function Menu({ trigger, label, side = 'bottom', align = 'start', width, children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} collisionPadding={8} className="z-[1013]">
          <Base.Popup
            aria-label={label}
            className="max-h-[80dvh] max-w-[360px] min-w-[180px] overflow-y-auto rounded-md bg-bg py-3 text-body text-fg shadow-menu outline-none"
            style={{ width }}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

const row = 'flex min-h-7 cursor-pointer items-center gap-2 px-6 outline-none select-none'

interface MenuItemProps {
  onSelect: () => void
  danger?: boolean
  icon?: ReactNode
  children: ReactNode
}

export function MenuItem({ onSelect, danger = false, icon, children }: MenuItemProps) {
  const colours = danger
    ? 'text-danger-text data-highlighted:bg-danger data-highlighted:text-white'
    : 'data-highlighted:bg-[#1264a3] data-highlighted:text-white'
  return (
    <Base.Item onClick={onSelect} className={clsx(row, colours)}>
      {icon}
      {children}
    </Base.Item>
  )
}

export function MenuDivider() {
  return <Base.Separator className="my-2 h-px bg-line" />
}

interface MenuChoiceProps<T extends string> {
  label: string
  value: T
  choices: readonly (readonly [T, string])[]
  onChange: (value: T) => void
}

export function MenuChoice<T extends string>({ label, value, choices, onChange }: MenuChoiceProps<T>) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next) => onChange(next as T)} aria-label={label}>
      {choices.map(([choice, name]) => (
        <Base.RadioItem key={choice} value={choice} closeOnClick={false} className={clsx(row, 'data-highlighted:bg-[#1264a3] data-highlighted:text-white')}>
          <span className="w-4">
            <Base.RadioItemIndicator>
              <Check size={16} aria-hidden />
            </Base.RadioItemIndicator>
          </span>
          {name}
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}
