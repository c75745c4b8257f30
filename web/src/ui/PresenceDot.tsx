/** The presence dot: filled when active, hollow otherwise, so that the shape tells as much as the colour. */
import { clsx } from 'clsx'

interface PresenceDotProps {
  active: boolean
  label: string
  /** On the aubergine chrome the colours differ. */
  chrome?: boolean
  size: 6 | 9
}

export function PresenceDot({ active, label, chrome = false, size }: PresenceDotProps) {
  const filled = chrome ? 'bg-chrome-presence' : 'bg-presence'
  const hollow = chrome ? 'border-chrome-text' : 'border-fg-2'
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      data-presence={active ? 'active' : 'away'}
      className={clsx('block rounded-full', active ? filled : ['border-[1.5px] bg-transparent', hollow])}
      style={{ width: size, height: size }}
    />
  )
}
