/** The words of a message as text nodes; web addresses in them become links. Never markup. */
import { Fragment } from 'react'

// The link's blue is too near to the text around it to tell them apart by colour alone (WCAG 1.4.1), so it is underlined.
const LINK = 'text-link underline underline-offset-2 hover:text-link-hover'

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g

interface Piece {
  text: string
  href?: string
}

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const match of text.matchAll(ADDRESS)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) })
    pieces.push({ text: match[0], href: match[0] })
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}

export function MessageText({ text }: { text: string }) {
  return piecesOf(text).map((piece, index) =>
    piece.href ? (
      <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer" className={LINK}>
        {piece.text}
      </a>
    ) : (
      <Fragment key={index}>{piece.text}</Fragment>
    ),
  )
}
