/** Short notices at the bottom. At most three; a hovered one stays. Our own, so that no library injects style elements. */
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { create } from 'zustand'

interface Notice {
  id: number
  kind: 'success' | 'error'
  text: string
}

const MOST = 3
const SHOWN_MS = { success: 4_000, error: 8_000 }

const useNotices = create<{ notices: readonly Notice[]; next: number }>(() => ({ notices: [], next: 1 }))

function show(kind: Notice['kind'], text: string): void {
  useNotices.setState(({ notices, next }) => ({
    notices: [...notices.filter((notice) => notice.text !== text), { id: next, kind, text }].slice(-MOST),
    next: next + 1,
  }))
}

export const toast = {
  success: (text: string) => show('success', text),
  error: (text: string) => show('error', text),
}

function dismiss(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
}

export function Toasts() {
  const notices = useNotices(({ notices }) => notices)
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-24 z-[1200] flex flex-col items-center gap-2 pane:bottom-7">
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </div>
  )
}

function Toast({ notice: { id, kind, text } }: { notice: Notice }) {
  const [held, hold] = useState(false)
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismiss(id), SHOWN_MS[kind])
    return () => clearTimeout(timer)
  }, [held, id, kind])
  const Icon = kind === 'success' ? CircleCheck : CircleAlert
  return (
    <div
      role={kind === 'success' ? 'status' : 'alert'}
      onMouseEnter={() => hold(true)}
      onMouseLeave={() => hold(false)}
      className="pointer-events-auto flex min-h-10 max-w-[90vw] items-center gap-2 rounded-[20px] bg-tip px-4 py-2 text-caption font-bold text-tip-fg shadow-2"
    >
      <Icon size={16} aria-hidden className={kind === 'success' ? 'text-[#2bac76]' : 'text-[#e8516f]'} />
      {text}
    </div>
  )
}
