/** A 16-pixel ring that turns while something is under way. */
export function Spinner({ size = 16 }: { size?: number }) {
  return (
    <span
      aria-hidden
      className="spins inline-block shrink-0 rounded-full border-2 border-current border-t-transparent"
      style={{ width: size, height: size }}
    />
  )
}
