/** Frames: what is believed and what is passed over. */
import { describe, expect, it } from 'vitest'

import { parseFrame } from './frames'

describe('parseFrame', () => {
  it('reads what it knows', () => {
    expect(parseFrame('{"type":"ack","id":"a","position":3}')).toEqual({ type: 'ack', id: 'a', position: 3 })
    expect(parseFrame('{"type":"event","cursor":4,"event":{"type":"never_heard_of","position":4,"at":""}}')).toMatchObject({ cursor: 4 })
    expect(parseFrame('{"type":"pong","new_field":1}')).toMatchObject({ type: 'pong' })
  })

  it.each(['', 'nonsense', 'null', '[]', '7', '{"type":"unknown"}', '{"type":"toString"}', '{"type":"ack","id":"a"}', '{"type":"event","cursor":1,"event":null}'])(
    'passes over %j',
    (text) => expect(parseFrame(text)).toBeNull(),
  )
})
