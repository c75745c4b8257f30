/** What is wrong with a form as a whole, in a red box above its fields. */
import { CircleAlert } from 'lucide-react'

export function FormProblem({ text }: { text: string | undefined }) {
  if (!text) return null
  return (
    <div role="alert" className="flex items-start gap-2 rounded-lg border border-danger bg-danger/10 p-3 text-body text-fg">
      <CircleAlert size={20} className="mt-px shrink-0 text-danger" aria-hidden />
      {text}
    </div>
  )
}
