/** Ids sort by birth and look like UUIDs of version 7. */
import { expect, it } from 'vitest'

import { uuid7 } from './uuid7'

it('is a lower-case version 7 UUID', () => {
  expect(uuid7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

it('carries its time first', () => {
  expect(uuid7(0x0123456789ab).slice(0, 13)).toBe('01234567-89ab')
  expect(uuid7(1_000) < uuid7(2_000)).toBe(true)
  expect(new Set(Array.from({ length: 1000 }, () => uuid7(5))).size).toBe(1000)
})
