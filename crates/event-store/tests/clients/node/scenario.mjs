// The scenario of `@kurrent/kurrentdb-client`, the official client for Node.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import {
  ANY,
  AccessDeniedError,
  BACKWARDS,
  END,
  KurrentDBClient,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  UnavailableError,
  WrongExpectedVersionError,
  binaryEvent,
  eventTypeFilter,
  jsonEvent,
  streamNameFilter,
} from '@kurrent/kurrentdb-client'

const [url] = process.argv.slice(2)
const connect = () => KurrentDBClient.connectionString(url)
const harness = createInterface({ input: process.stdin })
const client = connect()

async function step(name, work) {
  console.log(`node: ${name}`)
  await work()
}

const events = (type, count) => Array.from({ length: count }, (_, number) => jsonEvent({ type, data: { number } }))

async function all(read) {
  const found = []
  for await (const resolved of read) found.push(resolved.event)
  return found
}

const revisions = async (read) => (await all(read)).map((event) => Number(event.revision))

await step('append with every expected state', async () => {
  for (const [streamState, count, revision] of [
    [NO_STREAM, 2, 1n],
    [ANY, 1, 2n],
    [STREAM_EXISTS, 1, 3n],
    [3n, 2, 5n],
  ]) {
    const written = await client.appendToStream('appended', events('Counted', count), { streamState })
    assert.equal(written.success, true)
    assert.equal(written.nextExpectedRevision, revision)
  }
})

await step('wrong expected states', async () => {
  // With credentials the client appends one by one, without it in a batch: the server answers both.
  for (const credentials of [undefined, { username: 'ann', password: 's3cret' }]) {
    for (const [streamName, streamState, actual] of [
      ['appended', NO_STREAM, 5n],
      ['appended', 99n, 5n],
      ['nobody', STREAM_EXISTS, 'no_stream'],
    ]) {
      await assert.rejects(client.appendToStream(streamName, events('Counted', 1), { streamState, credentials }), (error) => {
        assert.ok(error instanceof WrongExpectedVersionError, String(error))
        assert.equal(error.streamName, streamName)
        assert.equal(error.expectedState, streamState)
        assert.equal(error.actualState, actual)
        return true
      })
    }
  }
})

await step('many appends at once', async () => {
  await Promise.all(Array.from({ length: 20 }, () => client.appendToStream('batched', events('Counted', 5))))
})

await step('read both ways, with limits', async () => {
  assert.deepEqual(await revisions(client.readStream('batched')), Array.from({ length: 100 }, (_, number) => number))
  assert.deepEqual(await revisions(client.readStream('batched', { fromRevision: 97n, maxCount: 2 })), [97, 98])
  const backwards = { direction: BACKWARDS, fromRevision: END }
  assert.deepEqual(await revisions(client.readStream('batched', { ...backwards, maxCount: 3 })), [99, 98, 97])
  assert.deepEqual(await revisions(client.readStream('batched', { ...backwards, fromRevision: 1n })), [1, 0])
  assert.deepEqual(await revisions(client.readAll({ maxCount: 6 })), [0, 1, 2, 3, 4, 5])
  const [newest] = await all(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }))
  assert.equal(newest.streamId, 'batched')
  assert.deepEqual(newest.data, { number: 4 })
})

await step('bytes and metadata come back as they were', async () => {
  const metadata = { actor: 'ann' }
  await client.appendToStream('bytes', binaryEvent({ type: 'Bytes', data: Buffer.from([0, 255]), metadata }))
  const [event] = await all(client.readStream('bytes'))
  assert.deepEqual([...event.data], [0, 255])
  assert.equal(event.isJson, false)
})

await step('filters', async () => {
  for (const [stream, type] of [
    ['kind-1', 'Red'],
    ['kind-2', 'Blue'],
    ['other-1', 'Red'],
  ]) {
    await client.appendToStream(stream, events(type, 1))
  }
  for (const [filter, expected] of [
    [streamNameFilter({ prefixes: ['kind-'] }), ['kind-1', 'kind-2']],
    [eventTypeFilter({ prefixes: ['Re', 'Gr'] }), ['kind-1', 'other-1']],
    [eventTypeFilter({ regex: '^(?!Counted).*e$' }), ['kind-2']],
    [streamNameFilter({ regex: '1$' }), ['kind-1', 'other-1']],
  ]) {
    const found = await all(client.readAll({ filter }))
    assert.deepEqual(
      found.map((event) => event.streamId),
      expected,
    )
  }
})

await step('categories', async () => {
  const found = []
  for await (const { event, link } of client.readStream('$ce-kind', { resolveLinkTos: true })) {
    found.push([Number(link.revision), event.streamId, event.type])
  }
  assert.deepEqual(found, [
    [0, 'kind-1', 'Red'],
    [1, 'kind-2', 'Blue'],
  ])
})

await step('metadata', async () => {
  await client.appendToStream('kept', events('Counted', 5))
  assert.equal((await client.getStreamMetadata('kept')).metadata, undefined)
  await client.setStreamMetadata('kept', { maxCount: 2, owner: 'ann' })
  assert.deepEqual((await client.getStreamMetadata('kept')).metadata, { maxCount: 2, owner: 'ann' })
  assert.deepEqual(await revisions(client.readStream('kept')), [3, 4])
})

await step('errors by their types', async () => {
  await assert.rejects(all(client.readStream('nobody')), StreamNotFoundError)
  const huge = binaryEvent({ type: 'Huge', data: new Uint8Array((1 << 20) + 1) })
  for (const credentials of [undefined, { username: 'ann', password: 's3cret' }]) {
    await assert.rejects(client.appendToStream('huge', huge, { credentials }), (error) => {
      assert.ok(error instanceof MaxAppendSizeExceededError, String(error))
      assert.equal(error.maxAppendSize, 1 << 20)
      return true
    })
  }
})

await step('delete and tombstone', async () => {
  await client.appendToStream('deleted', events('Counted', 2))
  await assert.rejects(client.deleteStream('deleted', { expectedRevision: 99n }), (error) => {
    assert.ok(error instanceof WrongExpectedVersionError, String(error))
    assert.deepEqual([error.streamName, error.expectedState, error.actualState], ['deleted', 99n, 1n])
    return true
  })
  assert.ok((await client.deleteStream('deleted')).position)
  await assert.rejects(all(client.readStream('deleted')), StreamNotFoundError)
  await client.appendToStream('deleted', events('Counted', 1))
  assert.deepEqual(await revisions(client.readStream('deleted')), [2])
  await client.tombstoneStream('deleted')
  await assert.rejects(all(client.readStream('deleted')), StreamDeletedError)
  await assert.rejects(client.appendToStream('deleted', events('Counted', 1)), StreamDeletedError)
})

if (url.includes('s3cret')) {
  await step('strangers', async () => {
    for (const who of ['ann:wrong@', 'eve:s3cret@', '']) {
      const stranger = KurrentDBClient.connectionString(url.replace('ann:s3cret@', who))
      await assert.rejects(stranger.appendToStream('guarded', events('Counted', 1)), AccessDeniedError)
      await assert.rejects(all(stranger.readStream('appended')), AccessDeniedError)
      await stranger.dispose()
    }
  })
}

await step('a subscription across restarts', async () => {
  const filter = streamNameFilter({ prefixes: ['live-'] })
  let { position: fromPosition } = await client.appendToStream('live-1', events('Counted', 3))
  for (let round = 0; round < 3; round += 1) {
    const fresh = connect()
    const subscription = fresh.subscribeToAll({ fromPosition, filter })[Symbol.asyncIterator]()
    await fresh.appendToStream('live-2', events('Counted', 2))
    for (const revision of [round * 2, round * 2 + 1]) {
      const { event } = (await subscription.next()).value
      assert.deepEqual([event.streamId, Number(event.revision)], ['live-2', revision])
      fromPosition = event.position
    }
    const dropped = assert.rejects(subscription.next(), UnavailableError)
    console.log('restart')
    await once(harness, 'line')
    await dropped
    await fresh.dispose()
  }
})

await client.dispose()
harness.close()
process.exit(0)
