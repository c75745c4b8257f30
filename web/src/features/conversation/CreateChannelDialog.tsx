/** Makes a public channel and opens it. */
import { zodResolver } from '@hookform/resolvers/zod'
import { useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useNavigate } from 'react-router'

import { useClient } from '~/api/client'
import { fieldMessages, problemToWords } from '~/api/problem'
import { keys, refreshConversation } from '~/api/queries'
import { pages } from '~/lib/paths'
import { words } from '~/lib/words'
import { Button } from '~/ui/Button'
import { Dialog } from '~/ui/Dialog'
import { Field } from '~/ui/Field'
import { FormProblem } from '~/ui/FormProblem'
import { toast } from '~/ui/toast'

import { type ChannelForm, channelForm, MAX_NAME, slug } from './channel-name'

export function CreateChannelDialog({ onClose }: { onClose: () => void }) {
  const { server } = useClient()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const form = useForm<ChannelForm>({ resolver: zodResolver(channelForm), defaultValues: { name: '', description: '' }, mode: 'onTouched' })
  const { errors, isSubmitting } = form.formState
  const name = form.watch('name')

  const submit = form.handleSubmit(async ({ name, description }) => {
    try {
      const { id } = await server.createConversation({ kind: 'channel', name, ...(description ? { description } : {}) })
      await refreshConversation(cache, server, id)
      void cache.invalidateQueries({ queryKey: keys.allChannels })
      toast.success(words.channels.created)
      onClose()
      await navigate(pages.conversation(id))
    } catch (problem) {
      const fields = fieldMessages(problem)
      if (fields.name) form.setError('name', { message: fields.name })
      if (fields.description) form.setError('description', { message: fields.description })
      if (!fields.name && !fields.description) form.setError('root', { message: problemToWords(problem) })
    }
  })

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.channels.createTitle}
      closeLabel={words.actions.close}
      footer={
        <>
          <Button onClick={onClose}>{words.actions.cancel}</Button>
          <Button look="primary" type="submit" form="create-channel" busy={isSubmitting} disabled={name === ''}>
            {words.channels.create}
          </Button>
        </>
      }
    >
      <form id="create-channel" noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <FormProblem text={errors.root?.message} />
        <Field
          label={words.channels.name}
          placeholder={words.channels.namePlaceholder}
          autoComplete="off"
          maxLength={MAX_NAME}
          lead={<span className="text-fg-3">#</span>}
          trail={<span className="text-caption text-fg-2 tabular-nums">{MAX_NAME - name.length}</span>}
          error={errors.name?.message}
          note={words.channels.publicNote}
          {...form.register('name', { onChange: (event: React.ChangeEvent<HTMLInputElement>) => form.setValue('name', slug(event.target.value)) })}
        />
        <Field label={words.channels.description} autoComplete="off" error={errors.description?.message} {...form.register('description')} />
      </form>
    </Dialog>
  )
}
