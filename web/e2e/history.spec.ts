/** Past messages: pages come in as one scrolls, nothing jumps, a reload shows the same. */
import { expect, type Person, test } from './people'

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${String(index + 1).padStart(3, '0')}`)

/** The place of the first fully visible line, and which one it is. */
async function anchor({ page }: Person): Promise<{ text: string; top: number }> {
  return page.locator('[data-message-list]').evaluate((list) => {
    const top = list.getBoundingClientRect().top
    for (const row of list.querySelectorAll<HTMLElement>('[data-message]')) {
      const rectangle = row.getBoundingClientRect()
      const text = row.querySelector<HTMLElement>('[dir=auto]')?.innerText ?? ''
      if (rectangle.top >= top && text.startsWith('line')) return { text, top: rectangle.top - top }
    }
    throw new Error('no line in view')
  })
}

async function scrollBy({ page }: Person, distance: number): Promise<void> {
  await page.locator('[data-message-list]').evaluate((list, by) => list.scrollBy(0, by), distance)
}

test('A06 B11 D11: a reload shows the same, also what does not fit on one page', async ({ person }) => {
  test.setTimeout(120_000)
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  const expected = lines(130)
  await ann.post(expected)
  await expect(ann.message('line 130')).toBeVisible()

  await ann.page.reload()
  await expect(ann.message('line 130')).toBeVisible()
  const seen: string[] = []
  for (let turn = 0; turn < 120 && !seen.includes('line 001'); turn++) {
    for (const text of await ann.texts('line')) if (!seen.includes(text)) seen.push(text)
    await scrollBy(ann, -400)
    await ann.page.waitForTimeout(50)
  }
  expect(seen.sort()).toEqual(expected)
  await expect(ann.page.getByText('can see this conversation')).toBeVisible()
  expect(new Set(await ann.texts('line')).size).toBe((await ann.texts('line')).length)
})

test('B11: older pages coming in never move what one is reading', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await ann.post(lines(130))

  // Hold the next page back until the reader stands still.
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  await ann.page.route(/\/messages\?.*before=/, async (route) => {
    await held
    await route.continue()
  })
  await ann.page.reload()
  await expect(ann.message('line 130')).toBeVisible()
  await scrollBy(ann, -600)
  await ann.page.waitForTimeout(500)
  const before = await anchor(ann)
  const arrived = ann.page.waitForResponse(/\/messages\?.*before=/)
  release()
  await arrived
  await ann.page.waitForTimeout(500)
  const after = await anchor(ann)
  expect(after.text).toBe(before.text)
  expect(Math.abs(after.top - before.top)).toBeLessThanOrEqual(2)
})

test('B11: reading above, one is told of new messages and taken to them; at the end, the end stays in sight', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await ann.post(lines(60))
  await bo.open(ann.name)
  await expect(ann.message('line 060')).toBeVisible()
  await scrollBy(ann, -1200)
  await expect(ann.page.getByRole('button', { name: 'Latest messages' })).toBeVisible()
  const before = await anchor(ann)
  await bo.say('are you still there?')
  await expect(ann.page.getByRole('button', { name: '1 new message' })).toBeVisible()
  expect(await anchor(ann)).toEqual(before)

  await ann.page.getByRole('button', { name: '1 new message' }).click()
  await expect(ann.message('are you still there?')).toBeInViewport()
  for (const text of ['one', 'two', 'three']) await bo.say(`and ${text}`)
  await expect(ann.message('and three')).toBeInViewport()
})

test('A06: unread messages open at the New line, with the way there once it is out of sight', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await bo.openDirect(ann)
  await bo.post(lines(40))
  await ann.open(bo.name)
  await expect(ann.page.locator('[data-new-line]')).toBeInViewport()
  await ann.page.locator('[data-message-list]').evaluate((list) => list.scrollTo(0, list.scrollHeight))
  const banner = ann.page.getByRole('button', { name: /^40 new messages since/ })
  await expect(banner).toBeVisible()
  await banner.click()
  await expect(ann.page.locator('[data-new-line]')).toBeInViewport()
})
