/** A person's square: initials on a colour that follows from the id. Always square, never round. */
const COLOURS = ['#4A6FA5', '#8E5572', '#2F7F6F', '#9A5B2E', '#6A5ACD', '#B0413E', '#3C7A3C', '#5B6770']
const RADIUS: Record<number, number> = { 16: 4, 20: 5, 24: 6, 36: 8 }

function colourOf(id: string): string {
  let hash = 0x811c9dc5
  for (const letter of id) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
  return COLOURS[(hash >>> 24) % COLOURS.length] ?? '#5B6770'
}

export function initialsOf(name: string): string {
  const parts = name.trim().split(/\s+/)
  const first = [...(parts[0] ?? '')][0] ?? '?'
  const last = parts.length > 1 ? ([...(parts.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toUpperCase()
}

interface AvatarProps {
  id: string
  name: string
  size: 16 | 20 | 24 | 36 | 72 | 100
}

export function Avatar({ id, name, size }: AvatarProps) {
  const initials = initialsOf(name)
  return (
    <span
      aria-hidden
      data-avatar={size}
      className="flex shrink-0 items-center justify-center font-bold text-white select-none"
      style={{ width: size, height: size, borderRadius: RADIUS[size] ?? 8, background: colourOf(id), fontSize: Math.max(8, Math.round(size * 0.4)), lineHeight: 1 }}
    >
      {size === 16 ? initials.slice(0, 1) : initials}
    </span>
  )
}
