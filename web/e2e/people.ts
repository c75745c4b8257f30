/** People for the browser tests: each in a browser of her own, with the things a person does. */
import { type BrowserContext, type BrowserContextOptions, expect, type Locator, type Page, test as base } from '@playwright/test'

const SYLLABLES = ['ba', 'do', 'fe', 'ga', 'hi', 'jo', 'ke', 'lu', 'ma', 'ne', 'or', 'pi', 'ra', 'so', 'ta', 'vu', 'wi', 'xa', 'yo', 'zu']

/** A family name that no other test uses, so that tests can share one server. */
function familyName(): string {
  const name = Array.from({ length: 5 }, () => SYLLABLES[Math.floor(Math.random() * SYLLABLES.length)]).join('')
  return name.charAt(0).toUpperCase() + name.slice(1)
}

export class Person {
  readonly name: string
  readonly email: string
  readonly password = 'correct horse battery'
  readonly context: BrowserContext
  readonly page: Page

  constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name
    this.email = `${name.toLowerCase().replace(/ /g, '.')}@example.com`
    this.context = context
    this.page = page
  }

  async signUp(identifier = this.email): Promise<void> {
    const { page } = this
    await page.goto('/signup')
    await page.getByLabel('Full name').fill(this.name)
    await page.getByLabel('Email or phone number').fill(identifier)
    await page.getByLabel('Password', { exact: true }).fill(this.password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByRole('textbox', { name: 'Message #general' })).toBeVisible()
  }

  async signIn(identifier = this.email, password = this.password): Promise<void> {
    const { page } = this
    await page.goto('/signin')
    await page.getByLabel('Email or phone number').fill(identifier)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign In' }).click()
  }

  async findPeople(name: string): Promise<void> {
    const { page } = this
    await page.getByRole('treeitem', { name: 'Find people' }).click()
    await page.getByRole('searchbox', { name: 'Search for people' }).fill(name)
  }

  /** Finds the other one among the people, and clicks her. */
  async openDirect(other: Person): Promise<void> {
    const { page } = this
    await this.findPeople(other.name)
    await page.getByRole('button', { name: `Message ${other.name}` }).click()
    await expect(this.composer(other.name)).toBeVisible()
  }

  /** By the name of the channel or of the other person. */
  row(name: string, page = this.page): Locator {
    return page.getByRole('treeitem', { name: new RegExp(`^${name},`) })
  }

  async open(name: string, page = this.page): Promise<void> {
    await this.row(name, page).click()
    await expect(this.row(name, page)).toHaveAttribute('aria-current', 'page')
  }

  composer(to: string, page = this.page): Locator {
    return page.getByRole('textbox', { name: new RegExp(`^Message #?${to}$`) })
  }

  async say(text: string, page = this.page): Promise<void> {
    const field = page.getByRole('textbox', { name: /^Message / })
    await field.fill(text)
    await field.press('Enter')
  }

  /** Writes many messages quickly, through the API, into the conversation on screen. */
  async post(texts: readonly string[]): Promise<void> {
    const { request } = this.context
    const login = await request.post('/v1/auth/login', { data: { identifier: this.email, password: this.password } })
    const { access_token: token } = (await login.json()) as { access_token: string }
    const conversation = new URL(this.page.url()).pathname.split('/').at(-1)
    for (const text of texts) {
      const answer = await request.post(`/v1/conversations/${conversation}/messages`, {
        data: { id: crypto.randomUUID(), text },
        headers: { Authorization: `Bearer ${token}` },
      })
      expect(answer.ok(), await answer.text()).toBe(true)
    }
  }

  message(text: string, page = this.page): Locator {
    return page.locator('[data-message]').filter({ hasText: text })
  }

  /** The texts on screen that begin with a word, in order. */
  async texts(prefix: string, page = this.page): Promise<string[]> {
    const all = await page.locator('[data-message] [dir=auto]').allInnerTexts()
    return all.filter((text) => text.startsWith(prefix))
  }

  async createChannel(name: string): Promise<void> {
    const { page } = this
    await page.getByRole('button', { name: 'Create new' }).click()
    await page.getByRole('menuitem', { name: 'Channel' }).click()
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByRole('button', { name: 'Create channel' }).click()
    await expect(this.composer(name)).toBeVisible()
  }
}

export type Meet = (firstName: string, options?: BrowserContextOptions) => Promise<Person>

interface Fixtures {
  /** A person with a browser of her own who is not signed in anywhere yet. */
  stranger: Meet
  /** The same, signed up and looking at #general. */
  person: Meet
}

export const test = base.extend<Fixtures>({
  stranger: async ({ browser, baseURL, viewport }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (firstName, options) => {
      const context = await browser.newContext({ baseURL, viewport, ...options })
      contexts.push(context)
      return new Person(`${firstName} ${familyName()}`, context, await context.newPage())
    })
    for (const context of contexts) await context.close()
  },
  person: async ({ stranger }, use) => {
    await use(async (firstName, options) => {
      const someone = await stranger(firstName, options)
      await someone.signUp()
      return someone
    })
  },
})

/** A name for a channel that no other test uses. */
export function channelName(): string {
  return `${familyName()}-${familyName()}`.toLowerCase()
}

/** How long until it is on screen, in milliseconds. */
export async function timeUntilVisible(locator: Locator): Promise<number> {
  const start = performance.now()
  await expect(locator).toBeVisible()
  return performance.now() - start
}

export { expect }
