/** What a pane shows when there is nothing, not yet something, or something went wrong. */
import type { ReactNode } from 'react'

interface EmptyStateProps {
  icon: ReactNode
  title: string
  text: string
  action?: ReactNode
}

export function EmptyState({ icon, title, text, action }: EmptyStateProps) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-1 p-8 text-center">
      <div className="mb-3 flex size-[120px] items-center justify-center rounded-full bg-bg-2 text-fg-3" aria-hidden>
        {icon}
      </div>
      <h2 className="text-title font-black text-strong">{title}</h2>
      <p className="max-w-[420px] text-body text-fg-2">{text}</p>
      {action && <div className="mt-4">{action}</div>}
    </div>
  )
}

interface ErrorStateProps {
  title: string
  text: string
  requestId?: string | null
  action?: ReactNode
}

export function ErrorState({ title, text, requestId, action }: ErrorStateProps) {
  return (
    <div className="flex flex-1 items-center justify-center p-6">
      <div role="alert" className="max-w-[440px] rounded-lg border border-line bg-bg-2 p-6">
        <h2 className="text-title font-black text-strong">{title}</h2>
        <p className="mt-1 text-body text-fg-2">{text}</p>
        {requestId && <p className="mt-2 text-micro text-fg-3">{requestId}</p>}
        {action && <div className="mt-4">{action}</div>}
      </div>
    </div>
  )
}

/** Grey bars where messages will be. */
export function MessageSkeleton({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton flex gap-2 px-5 py-2" aria-hidden>
          <div className="size-9 shrink-0 rounded-lg bg-bg-3" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <div className="h-3 w-[120px] rounded-full bg-bg-3" />
            <div className="h-3 w-[70%] rounded-full bg-bg-3" />
            <div className="h-3 w-[45%] rounded-full bg-bg-3" />
          </div>
        </div>
      ))}
    </div>
  )
}

/** Lilac bars where conversations will be. */
export function SidebarSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3.5 px-4 pt-5">
      {[72, 60, 85, 66, 78, 62, 80].map((width) => (
        <div key={width} className="skeleton h-3.5 rounded-[7px] bg-chrome-hover" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
