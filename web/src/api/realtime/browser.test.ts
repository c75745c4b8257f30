/** The outbox in IndexedDB. */
import 'fake-indexeddb/auto'

import { expect, it } from 'vitest'

import { openOutbox } from './browser'

const pending = (id: string) => ({ id, conversation: 'c', text: id, at: 1, tries: 0, failed: false, waiting: false })

it('two windows of one person add to one outbox, and each takes away only what is answered', async () => {
  const one = openOutbox('ann')
  const other = openOutbox('ann')
  await one.store(pending('a'))
  await other.store(pending('b'))
  expect((await one.load()).map(({ id }) => id).sort()).toEqual(['a', 'b'])
  await other.forget('a')
  expect((await one.load()).map(({ id }) => id)).toEqual(['b'])
})

it('another person’s outbox is another one', async () => {
  await openOutbox('bo').store(pending('c'))
  expect((await openOutbox('cy').load()).map(({ id }) => id)).toEqual([])
})
