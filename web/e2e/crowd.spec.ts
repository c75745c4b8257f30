/** A workspace with more people than a page: opening it asks for nobody who is not on screen, and everybody is found. */
import type { Page } from '@playwright/test'

import { expect, type Person, test } from './people'

/** More than one page of the list. */
const CROWD = 60

async function crowd({ context }: Person, family: string): Promise<void> {
  for (let number = 1; number <= CROWD; number++) {
    const data = { name: `Crowd ${family} ${number}`, email: `crowd.${family}.${number}@example.com`, password: 'correct horse battery' }
    const answer = await context.request.post('/v1/auth/register', { data })
    expect(answer.ok(), await answer.text()).toBe(true)
  }
}

/** The questions about people that a page asks from now on. */
function questions(page: Page): URLSearchParams[] {
  const asked: URLSearchParams[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.pathname === '/v1/users') asked.push(url.searchParams)
  })
  return asked
}

test('B02: opening the app asks for those on screen only, whoever else there is, and the search finds everybody', async ({ person }) => {
  test.setTimeout(120_000)
  const ann = await person('Ann')
  const family = ann.name.split(' ')[1] ?? ''
  await crowd(ann, family)
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await ann.say('are you in the crowd?')
  await bo.open(ann.name)
  await bo.say('somewhere in it')
  await expect(ann.message('somewhere in it')).toBeVisible()

  const asked = questions(ann.page)
  await ann.page.reload()
  await expect(ann.row(bo.name)).toBeVisible()
  await expect(ann.message('somewhere in it').getByText(bo.name)).toBeVisible()
  await expect(ann.page.getByRole('heading', { level: 1, name: bo.name })).toBeVisible()
  await ann.page.waitForTimeout(1000)
  expect(asked.map((question) => [...question.keys()])).toEqual([['ids']])
  expect(asked[0]?.get('ids')?.split(',')).toHaveLength(1)

  await ann.page.getByRole('treeitem', { name: 'Find people' }).click()
  const cards = ann.page.getByRole('list', { name: 'People' }).getByRole('listitem')
  await expect(cards.first()).toBeVisible()
  const shown = await cards.count()
  expect(shown).toBeLessThanOrEqual(50)
  await expect(ann.page.getByRole('button', { name: `Message ${bo.name}` })).toHaveCount(0)
  await ann.page.getByRole('button', { name: 'Show more' }).click()
  await expect(async () => expect(await cards.count()).toBeGreaterThan(shown)).toPass()

  const search = ann.page.getByRole('searchbox', { name: 'Search for people' })
  await search.pressSequentially(bo.name.slice(1).toUpperCase())
  await expect(cards).toHaveCount(1)
  await expect(ann.page.getByRole('button', { name: `Message ${bo.name}` })).toBeVisible()
  expect(asked.slice(1).every((question) => question.has('limit'))).toBe(true)
  expect(asked.length, 'not letter by letter').toBeLessThan(6)
})

test('B02: names on their way leave their room, and are asked for again when the first question fails', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await bo.open(ann.name)
  await bo.say('who said this?')
  await expect(ann.message('who said this?')).toBeVisible()

  let asked = 0
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  await ann.page.route(/\/v1\/users\?ids=/, async (route) => {
    if (++asked === 1) return route.abort()
    await released
    await route.continue()
  })
  await ann.page.reload()
  const message = ann.message('who said this?')
  await expect(message.getByText('…', { exact: true }).first()).toBeVisible()
  await expect(ann.row('…')).toBeVisible()
  const places = () => Promise.all([message, ann.row('general'), ann.page.getByRole('heading', { level: 1 }), ann.page.locator('[data-composer]')].map((place) => place.boundingBox()))
  const before = await places()
  await expect.poll(() => asked).toBe(2)
  release()
  await expect(message.getByText(bo.name)).toBeVisible()
  await expect(ann.row(bo.name)).toBeVisible()
  const after = await places()
  expect(after.map((box) => [box?.y, box?.height])).toEqual(before.map((box) => [box?.y, box?.height]))
})
