/** What axe finds, and what works without a mouse. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

import { expect, test } from './people'

async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious, ${colorScheme}`, async ({ stranger, person }) => {
    const visitor = await stranger('Vi', { colorScheme })
    for (const path of ['/signin', '/signup']) {
      await visitor.page.goto(path)
      await expect(visitor.page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await seriousViolations(visitor.page), path).toEqual([])
    }
    await visitor.signUp()
    const bo = await person('Bo')
    await bo.openDirect(visitor)
    await bo.say('hello there')
    await visitor.say('a message in the channel, with a link: https://example.com/')
    await expect(visitor.row(bo.name).locator('[data-badge]')).toBeVisible()
    await visitor.page.waitForTimeout(5000)
    expect(await seriousViolations(visitor.page), 'channel').toEqual([])
    for (const path of ['/client/main/people', '/client/main/channels', '/client/main/dms']) {
      await visitor.page.goto(path)
      await expect(visitor.page.getByRole('main')).toBeVisible()
      await visitor.page.waitForTimeout(500)
      expect(await seriousViolations(visitor.page), path).toEqual([])
    }
  })
}

test('keyboard only: from the sidebar to a conversation, through its messages, to the composer', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await ann.say('first')
  await ann.say('second')
  const { page } = ann
  await ann.row(bo.name).focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('g')
  await expect(ann.row('general')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(ann.composer('general')).toBeFocused()
  await ann.row(bo.name).focus()
  await page.keyboard.press('Enter')
  await expect(ann.composer(bo.name)).toBeFocused()

  await ann.message('second').focus()
  await page.keyboard.press('ArrowUp')
  await expect(ann.message('first')).toBeFocused()
  await page.keyboard.press('End')
  await expect(ann.message('second')).toBeFocused()
  await page.keyboard.press('F6')
  await expect(ann.composer(bo.name)).toBeFocused()
  await page.keyboard.press('Shift+F6')
  await expect(ann.message('second')).toBeFocused()
  await expect(ann.message('second')).toHaveAccessibleName(new RegExp(`^${ann.name}, .*second$`))
})
