// @vitest-environment jsdom
/** Text of messages: addresses become links, markup stays text. */
import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'

import { MessageText, piecesOf } from './MessageText'

it('finds addresses and leaves the full stop outside', () => {
  expect(piecesOf('see https://example.com/a?b=1, then http://x.org.').map(({ href }) => href)).toEqual([undefined, 'https://example.com/a?b=1', undefined, 'http://x.org', undefined])
})

it('markup is shown, not obeyed, and only web addresses become links', () => {
  render(<MessageText text={'<img src=x onerror=alert(1)> javascript:alert(1) https://ok.example'} />)
  expect(screen.getByText(/<img src=x/)).toBeInTheDocument()
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual(['https://ok.example'])
  expect(screen.getByRole('link')).toHaveAttribute('rel', 'noopener noreferrer')
})
