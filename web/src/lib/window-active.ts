/** Whether the person can be looking: the window has the focus and is not hidden. */
import { useSyncExternalStore } from 'react'

function isActive(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('focus', changed)
  window.addEventListener('blur', changed)
  document.addEventListener('visibilitychange', changed)
  return () => {
    window.removeEventListener('focus', changed)
    window.removeEventListener('blur', changed)
    document.removeEventListener('visibilitychange', changed)
  }
}

export function useWindowActive(): boolean {
  return useSyncExternalStore(subscribe, isActive)
}
