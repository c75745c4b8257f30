/** Names of channels: what may be in one, and how typed words become one. The server is the authority. */
import { z } from 'zod'

import { words } from '~/lib/words'

export const MAX_NAME = 80
// Compiled checks need `new Function`, which the content security policy forbids.
z.config({ jitless: true })

const { invalid } = words.channels

/** What a person types, made into a name as she types: lower case, dashes for spaces, nothing else odd. */
export function slug(typed: string): string {
  return typed
    .toLowerCase()
    .replace(/\s+/g, '-')
    .replace(/[^\p{Ll}\p{Lo}\p{Nd}_-]/gu, '')
    .slice(0, MAX_NAME)
}

export const channelForm = z.object({
  name: z
    .string()
    .min(1, invalid.nameMissing)
    .max(MAX_NAME, invalid.nameLong)
    .regex(/^[\p{Ll}\p{Lo}\p{Nd}_-]+$/u, invalid.name),
  description: z.string().trim().max(250, invalid.descriptionLong),
})

export type ChannelForm = z.infer<typeof channelForm>
