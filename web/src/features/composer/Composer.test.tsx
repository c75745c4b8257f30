// @vitest-environment jsdom
/** The composer: Enter sends, drafts stay, typing is told at most every three seconds. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { type Client, ClientContext } from '~/api/client'
import type { Input } from '~/api/realtime/session-state'
import { Roster } from '~/api/roster'
import type { Person } from '~/api/types'
import { noteTyping } from '~/lib/typing'

import { Composer, MAX_LENGTH } from './Composer'

const taken: Input[] = []
const person = (name: string): Person => ({ id: name.toLowerCase(), name, joined_at: '' })
const cache = new QueryClient()
const roster = new Roster({ listUsers: () => new Promise(() => undefined) }, cache, person('Ann'))
const client = { me: { id: 'ann' }, roster, realtime: { take: (input: Input) => taken.push(input) } } as unknown as Client

const composer = (conversation: string) => (
  <ClientContext value={client}>
    <QueryClientProvider client={cache}>
      <Composer conversation={conversation} placeholder="Message #general" />
    </QueryClientProvider>
  </ClientContext>
)
const show = (conversation = 'c') => render(composer(conversation))

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
    for (const name of ['Bo', 'Cy', 'Di']) roster.meet(person(name))
    const { rerender } = show('busy')
    const line = () => screen.getAllByRole('status').map((status) => status.textContent).join('')
    const again = () => rerender(composer('busy'))
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

  it('C05 E04 says nothing of somebody whose name is on its way', async () => {
    const { rerender } = show('quiet')
    noteTyping('quiet', 'stranger')
    rerender(composer('quiet'))
    expect(screen.getByRole('status')).toBeEmptyDOMElement()
    roster.meet({ ...person('Stranger'), name: 'Eve' })
    expect(await screen.findByText('Eve')).toBeVisible()
    expect(screen.getByRole('status')).toHaveTextContent('Eve is typing')
  })
})
