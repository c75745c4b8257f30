/** How it looks: sizes and colours measured in the page, and pictures in light and dark on a large and a small window. */
import type { Locator, Page } from '@playwright/test'

import { expect, type Meet, type Person, test } from './people'

const SCREENS = 'test-results/screens'

async function box(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const rectangle = await locator.boundingBox()
  if (!rectangle) throw new Error('not on screen')
  return rectangle
}

const near = (value: number, expected: number) => expect(Math.abs(value - expected), `${value} is not ${expected}`).toBeLessThanOrEqual(1)

async function style(locator: Locator, property: string): Promise<string> {
  return locator.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property)
}

/** A small conversation between two people, seen by the first. */
async function scene(person: Meet, colorScheme: 'light' | 'dark' = 'light'): Promise<{ ann: Person; bo: Person }> {
  const ann = await person('Ann', { colorScheme })
  const bo = await person('Bo')
  await bo.openDirect(ann)
  await bo.say('Do you have a minute?')
  await bo.say('It is about the launch.')
  await ann.say('Good morning, everyone.')
  await ann.say('The new build is up: https://example.com/builds/42')
  await expect(ann.row(bo.name).locator('[data-badge]')).toHaveText('2')
  await expect(ann.page.locator('[data-delivery=pending]')).toHaveCount(0)
  await ann.page.mouse.move(700, 20)
  return { ann, bo }
}

test('frame, rail, sidebar, header, rows and composer have the agreed sizes', async ({ person }) => {
  const { ann, bo } = await scene(person)
  const { page } = ann
  await page.getByRole('textbox', { name: /^Message / }).blur()

  await test.step('1 frame: 40 / 70 / 4 / 4, radius 12, gradient behind', async () => {
    const card = await box(page.locator('[data-card]'))
    near(card.x, 70)
    near(card.y, 40)
    near(1440 - card.x - card.width, 4)
    near(900 - card.y - card.height, 4)
    expect(await style(page.locator('[data-card]'), 'border-radius')).toBe('12px')
    expect(await style(page.locator('[data-frame]'), 'background-image')).toContain('linear-gradient(135deg, rgb(74, 21, 75) 20%, rgb(57, 6, 58) 80%)')
  })

  await test.step('2 rail: pitch 68, tiles 36, labels 11 bold, lilac badge', async () => {
    const tiles = page.locator('[data-rail] [data-rail-tile]')
    const [first, second] = [await box(tiles.nth(0)), await box(tiles.nth(1))]
    near(first.y, 109)
    near(second.y - first.y, 68)
    near(first.width, 36)
    near(first.height, 36)
    const label = page.locator('[data-rail-tab]').first().getByText('Home')
    expect([await style(label, 'font-size'), await style(label, 'font-weight')]).toEqual(['11px', '700'])
    const badge = page.locator('[data-rail-badge]')
    expect(await style(badge, 'background-color')).toBe('rgb(234, 189, 251)')
    near((await box(badge)).height, 16)
  })

  await test.step('3 sidebar: header 49, rows 28 radius 6, selected lilac, unread 900 white, badge 18', async () => {
    near((await box(page.locator('[data-sidebar]'))).width, 260)
    near((await box(page.locator('[data-sidebar-header]'))).height, 49)
    const selected = ann.row('general')
    near((await box(selected)).height, 28)
    expect(await style(selected, 'border-radius')).toBe('6px')
    expect(await style(selected, 'background-color')).toBe('rgb(249, 237, 255)')
    expect(await style(selected, 'color')).toBe('rgb(57, 6, 58)')
    const unread = ann.row(bo.name)
    expect([await style(unread, 'font-weight'), await style(unread, 'color')]).toEqual(['900', 'rgb(255, 255, 255)'])
    near((await box(unread.locator('[data-badge]'))).height, 18)
  })

  await test.step('4 header: 50 + 36 + 1, title 18 / 900, underline 2', async () => {
    near((await box(page.locator('[data-title-bar]'))).height, 50)
    near((await box(page.locator('[data-tab]'))).height, 36)
    near((await box(page.locator('[data-conversation-header]'))).height, 87)
    const title = page.getByRole('heading', { level: 1 })
    expect([await style(title, 'font-size'), await style(title, 'font-weight')]).toEqual(['18px', '900'])
    near((await box(page.locator('[data-tab-line]'))).height, 2)
  })

  await test.step('5 rows: 56 and 30, avatar 36 radius 8, name 900, time 12, gutter 20 / 8', async () => {
    const full = page.locator('[data-message][data-compact=false]').filter({ hasText: 'Good morning, everyone.' }).last()
    const compact = page.locator('[data-message][data-compact=true]').filter({ hasText: 'builds/42' }).last()
    near((await box(full)).height, 56)
    near((await box(compact)).height, 30)
    const list = await box(page.locator('[data-message-list]'))
    const avatar = full.locator('[data-avatar]')
    near((await box(avatar)).x - list.x, 20)
    near((await box(avatar)).width, 36)
    expect(await style(avatar, 'border-radius')).toBe('8px')
    near((await box(full.locator('[dir=auto]'))).x - list.x, 64)
    expect(await style(full.getByText(ann.name, { exact: true }), 'font-weight')).toBe('900')
    expect(await style(full.locator('time'), 'font-size')).toBe('12px')
  })

  await test.step('8 the day stands on a pill 30 high', async () => {
    near((await box(page.locator('[data-day-pill=inline]').last())).height, 30)
  })

  await test.step('10 composer: 80 high, 20 at the sides, 24 below, green send, strip for typing', async () => {
    const primary = await box(page.locator('[data-primary]'))
    const composer = await box(page.locator('[data-composer]'))
    near(composer.height, 80)
    near(composer.x - primary.x, 20)
    near(primary.x + primary.width - composer.x - composer.width, 20)
    near(primary.y + primary.height - composer.y - composer.height, 24)
    await ann.composer('general').fill('some words')
    await expect(page.getByRole('button', { name: 'Send now' })).toHaveCSS('background-color', 'rgb(0, 122, 90)')
    await expect(page.getByText('for a new line')).toBeVisible()
    await ann.composer('general').fill('')
  })
})

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(400)
  await page.screenshot({ path: `${SCREENS}/${name}.png` })
}

for (const mode of ['light', 'dark'] as const) {
  test(`pictures, ${mode}: large and small, channel, direct message, lists`, async ({ person }) => {
    const { ann, bo } = await scene(person, mode)
    const { page } = ann
    await expect(page.locator('html')).toHaveClass(mode === 'dark' ? /dark/ : /^((?!dark).)*$/)
    await picture(page, `channel-${mode}-1440x900`)
    await ann.open(bo.name)
    await expect(page.locator('[data-new-line]')).toBeVisible()
    await picture(page, `direct-${mode}-1440x900`)
    await page.setViewportSize({ width: 390, height: 844 })
    await expect(page.locator('[data-rail]')).toBeHidden()
    const card = await box(page.locator('[data-card]'))
    expect([card.x, card.y, card.width, card.height]).toEqual([0, 0, 390, 844])
    await picture(page, `direct-${mode}-390x844`)
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await picture(page, `dms-${mode}-390x844`)
    await page.getByRole('navigation', { name: 'Workspace switcher and tabs' }).getByRole('link', { name: 'Home' }).click()
    await expect(ann.row('general')).toBeVisible()
    expect((await box(ann.row('general'))).height).toBeGreaterThanOrEqual(44)
    await picture(page, `home-${mode}-390x844`)
    for (const size of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
      await page.setViewportSize(size)
      await page.goto('/client/main/people')
      await expect(page.getByRole('list', { name: 'People' })).toBeVisible()
      await picture(page, `people-${mode}-${size.width}x${size.height}`)
    }
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  })
}
