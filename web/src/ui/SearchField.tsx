/** A field that narrows the list below it. */
import { Search } from 'lucide-react'

interface SearchFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
}

export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <div role="search" className="mx-5 my-4 flex h-9 shrink-0 items-center gap-2 rounded-lg border border-line-2 px-3 has-[input:focus-visible]:border-transparent has-[input:focus-visible]:shadow-[0_0_0_1px_var(--focus),0_0_0_5px_var(--halo)]">
      <Search size={18} strokeWidth={1.75} aria-hidden className="text-fg-2" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 flex-1 bg-transparent text-body outline-none placeholder:text-fg-3 focus-visible:shadow-none"
      />
    </div>
  )
}
