/** Signing in by email or phone. The same words for an unknown person and a wrong password. */
import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'

import { login, type SignedInAt } from '~/api/auth'
import { problemToWords } from '~/api/problem'
import { pages } from '~/lib/paths'
import { words } from '~/lib/words'
import { Button } from '~/ui/Button'
import { Field } from '~/ui/Field'
import { FormProblem } from '~/ui/FormProblem'

import { AuthLayout } from './AuthLayout'
import { type SignInForm, signInForm, toCredentials } from './forms'
import { PasswordField } from './PasswordField'

export function SignIn({ onSignedIn }: { onSignedIn: (signedIn: SignedInAt) => void }) {
  const form = useForm<SignInForm>({ resolver: zodResolver(signInForm), defaultValues: { identifier: '', password: '' }, mode: 'onTouched' })
  const { errors, isSubmitting } = form.formState

  const submit = form.handleSubmit(async (values) => {
    try {
      onSignedIn(await login(toCredentials(values)))
    } catch (problem) {
      form.setError('root', { message: problemToWords(problem) })
    }
  })

  return (
    <AuthLayout
      title={words.auth.signInTitle}
      sub={words.auth.signInSub}
      other={{ question: words.auth.newHere, label: words.auth.createAccount, to: pages.signUp }}
    >
      <form noValidate onSubmit={(event) => void submit(event)}>
        <fieldset disabled={isSubmitting} className="flex flex-col gap-5">
          <FormProblem text={errors.root?.message} />
          <Field big label={words.auth.identifier} autoComplete="username" autoCapitalize="none" error={errors.identifier?.message} {...form.register('identifier')} />
          <PasswordField big label={words.auth.password} autoComplete="current-password" error={errors.password?.message} {...form.register('password')} />
          <Button type="submit" look="sign-in" size={44} busy={isSubmitting} className="w-full font-black">
            {words.auth.submitSignIn}
          </Button>
        </fieldset>
      </form>
    </AuthLayout>
  )
}
