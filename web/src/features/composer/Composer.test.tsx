// @vitest-environment jsdom
/** The composer: Enter sends, drafts stay, typing is told at most every three seconds. */
import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { type Client, ClientContext } from '~/api/client'
import type { Input } from '~/api/realtime/session-state'
import { noteTyping } from '~/lib/typing'

import { Composer, MAX_LENGTH } from './Composer'

const taken: Input[] = []
const client = { me: { id: 'ann' }, realtime: { take: (input: Input) => taken.push(input) } } as unknown as Client
const people = { bo: { id: 'bo', name: 'Bo' }, cy: { id: 'cy', name: 'Cy' }, di: { id: 'di', name: 'Di' } } as never

function show(conversation = 'c') {
  return render(
    <ClientContext value={client}>
      <Composer conversation={conversation} placeholder="Message #general" people={people} />
    </ClientContext>,
  )
}

const sends = () => taken.flatMap((input) => (input.type === 'send' ? [input.message.text] : []))

beforeEach(() => {
  taken.length = 0
  localStorage.clear()
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined }))
})

describe('Composer', () => {
  it('A05 Enter sends the trimmed text once and empties the field', async () => {
    show()
    await userEvent.type(screen.getByRole('textbox'), '  hello {Enter}')
    expect(sends()).toEqual(['hello'])
    expect(screen.getByRole('textbox')).toHaveValue('')
  })

  it('Shift+Enter makes a line', async () => {
    show()
    await userEvent.type(screen.getByRole('textbox'), 'one{Shift>}{Enter}{/Shift}two{Enter}')
    expect(sends()).toEqual(['one\ntwo'])
  })

  it('sends nothing that is blank or too long', async () => {
    show()
    await userEvent.type(screen.getByRole('textbox'), '   {Enter}')
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'x'.repeat(MAX_LENGTH + 1) } })
    expect(screen.getByRole('button', { name: 'Send now' })).toBeDisabled()
    await userEvent.type(screen.getByRole('textbox'), '{Enter}')
    expect(sends()).toEqual([])
    expect(screen.getByText(/too long/)).toBeInTheDocument()
  })

  it('the draft is there when one comes back, each conversation its own', async () => {
    const { unmount } = show('first')
    await userEvent.type(screen.getByRole('textbox'), 'half a thought')
    unmount()
    const other = show('second')
    expect(screen.getByRole('textbox')).toHaveValue('')
    other.unmount()
    show('first')
    expect(screen.getByRole('textbox')).toHaveValue('half a thought')
  })

  it('C05 E04 tells that I type, once in three seconds', async () => {
    show()
    await userEvent.type(screen.getByRole('textbox'), 'hello there')
    expect(taken.filter(({ type }) => type === 'typing')).toHaveLength(1)
  })

  it('C05 E04 says who types: one, two, several', () => {
    const { rerender } = show('busy')
    const line = () => screen.getAllByRole('status').map((status) => status.textContent).join('')
    const again = () =>
      rerender(
        <ClientContext value={client}>
          <Composer conversation="busy" placeholder="x" people={people} />
        </ClientContext>,
      )
    noteTyping('busy', 'bo')
    again()
    expect(line()).toBe('Bo is typing')
    noteTyping('busy', 'cy')
    again()
    expect(line()).toBe('Bo and Cy are typing')
    noteTyping('busy', 'di')
    again()
    expect(line()).toBe('Several people are typing')
  })
})
