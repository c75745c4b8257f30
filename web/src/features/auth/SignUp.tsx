/** Making an account with an email address or a phone number. */
import { zodResolver } from '@hookform/resolvers/zod'
import { clsx } from 'clsx'
import { Check, Circle } from 'lucide-react'
import { useForm } from 'react-hook-form'

import { register, type SignedInAt } from '~/api/auth'
import { fieldMessages, problemToWords } from '~/api/problem'
import { pages } from '~/lib/paths'
import { words } from '~/lib/words'
import { Button } from '~/ui/Button'
import { Field } from '~/ui/Field'
import { FormProblem } from '~/ui/FormProblem'

import { AuthLayout } from './AuthLayout'
import { isOther, type SignUpForm, signUpForm, strengthOf, toRegistration } from './forms'
import { PasswordField } from './PasswordField'

/** The server knows two fields where the form has one. */
const fieldOf: Record<string, keyof SignUpForm> = { name: 'name', identifier: 'identifier', email: 'identifier', phone: 'identifier', password: 'password' }

export function SignUp({ onSignedIn }: { onSignedIn: (signedIn: SignedInAt) => void }) {
  const form = useForm<SignUpForm>({ resolver: zodResolver(signUpForm), defaultValues: { name: '', identifier: '', password: '' }, mode: 'onTouched' })
  const { errors, isSubmitting } = form.formState
  const values = form.watch()

  const submit = form.handleSubmit(async (values) => {
    try {
      onSignedIn(await register(toRegistration(values)))
    } catch (problem) {
      const messages = Object.entries(fieldMessages(problem)).flatMap(([name, message]) => (fieldOf[name] ? [[fieldOf[name], message] as const] : []))
      for (const [field, message] of messages) form.setError(field, { message }, { shouldFocus: true })
      if (messages.length === 0) form.setError('root', { message: problemToWords(problem) })
    }
  })

  return (
    <AuthLayout
      title={words.auth.signUpTitle}
      sub={words.auth.signUpSub}
      other={{ question: words.auth.haveAccount, label: words.auth.signIn, to: pages.signIn }}
    >
      <form noValidate onSubmit={(event) => void submit(event)}>
        <fieldset disabled={isSubmitting} className="flex flex-col gap-5">
          <FormProblem text={errors.root?.message} />
          <Field big label={words.auth.name} autoComplete="name" error={errors.name?.message} {...form.register('name')} />
          <Field big label={words.auth.identifier} autoComplete="username" autoCapitalize="none" error={errors.identifier?.message} {...form.register('identifier')} />
          <div>
            <PasswordField big label={words.auth.password} autoComplete="new-password" error={errors.password?.message} {...form.register('password')} />
            <PasswordRules {...values} />
          </div>
          <Button type="submit" look="sign-in" size={44} busy={isSubmitting} className="w-full font-black">
            {words.auth.submitSignUp}
          </Button>
        </fieldset>
      </form>
    </AuthLayout>
  )
}

const BAR = ['bg-danger', 'bg-danger', 'bg-warn', 'bg-[#2f8fd0]', 'bg-ok']

function PasswordRules({ password, name, identifier }: SignUpForm) {
  const level = strengthOf(password)
  const rules: [string, boolean][] = [
    [words.auth.rules.length, password.length >= 8],
    [words.auth.rules.other, password !== '' && isOther(password, name, identifier)],
  ]
  return (
    <div className="mt-2">
      <div role="img" aria-label={words.auth.strength(level)} className="flex gap-1">
        {[1, 2, 3, 4].map((bar) => (
          <span key={bar} className={clsx('h-1 flex-1 rounded-full', bar <= level ? BAR[level] : 'bg-bg-3')} />
        ))}
      </div>
      <ul className="mt-2 text-caption text-fg-2">
        {rules.map(([rule, kept]) => (
          <li key={rule} className="flex items-center gap-1.5">
            {kept ? <Check size={14} aria-hidden className="text-ok" /> : <Circle size={14} aria-hidden />}
            {rule}
          </li>
        ))}
      </ul>
    </div>
  )
}
