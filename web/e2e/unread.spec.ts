/** What is unread is bold and counted, is cleared by reading, and every window of one person agrees. */
import { expect, test } from './people'

test('A04: unread is bold and counted until it is read', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await bo.openDirect(ann)
  await bo.say('one')
  await bo.say('two')

  const row = ann.row(bo.name)
  await expect(row).toHaveAttribute('data-unread', 'true')
  await expect(row).toHaveCSS('font-weight', '900')
  await expect(row.locator('[data-badge]')).toHaveText('2')
  await expect(row).toHaveAccessibleName(`${bo.name}, direct message, unread, 2 messages`)
  await expect(ann.page).toHaveTitle(/^! /)

  await ann.open(bo.name)
  await expect(ann.page.locator('[data-new-line]')).toBeVisible()
  await expect(row.locator('[data-badge]')).toHaveCount(0)
  await ann.page.waitForTimeout(1000)
  await ann.open('general')
  await expect(row).toHaveAttribute('data-unread', 'false')

  await ann.page.reload()
  await expect(row).toHaveAttribute('data-unread', 'false')
})

test('A04: two windows of one person stay in step', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  const second = await ann.context.newPage()
  await second.goto('/')
  await expect(ann.composer('general', second)).toBeVisible()

  await bo.openDirect(ann)
  await bo.say('for both windows')
  for (const page of [ann.page, second]) {
    await expect(ann.row(bo.name, page)).toHaveAttribute('data-unread', 'true')
    await expect(ann.row(bo.name, page).locator('[data-badge]')).toHaveText('1')
  }

  await ann.page.bringToFront()
  await ann.open(bo.name)
  await expect(ann.message('for both windows')).toBeVisible()
  await expect(ann.row(bo.name, second)).toHaveAttribute('data-unread', 'false')
  await expect(ann.row(bo.name, second).locator('[data-badge]')).toHaveCount(0)

  await ann.say('and my answer')
  await ann.open(bo.name, second)
  await expect(ann.message('and my answer', second)).toHaveCount(1)
})

test('A04: a channel is bold when someone else wrote, without a count', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await bo.say(`news in general from ${bo.name}`)
  const row = ann.row('general')
  await expect(row).toHaveAttribute('data-unread', 'true')
  await expect(row.locator('[data-badge]')).toHaveCount(0)
  await ann.open('general')
  await expect(ann.message(`news in general from ${bo.name}`)).toBeVisible()
  await ann.page.waitForTimeout(1000)
  await ann.open(bo.name)
  await expect(row).toHaveAttribute('data-unread', 'false')
})
