/** A value that has stayed the same for a moment: what is typed is not asked for letter by letter. */
import { useEffect, useState } from 'react'

export function useDebounced<T>(value: T, wait: number): T {
  const [settled, settle] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => settle(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return settled
}
