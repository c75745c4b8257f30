/** Runs before every unit test file. Files that need a page name jsdom in their first line. */
import '@testing-library/jest-dom/vitest'

import { afterEach } from 'vitest'

afterEach(async () => {
  if (typeof document === 'undefined') return
  const { cleanup } = await import('@testing-library/react')
  cleanup()
})
