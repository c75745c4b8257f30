/** Signing up, in and out, and what happens when something is wrong. */
import { expect, test } from './people'

test('A10 B01 B07 B08 D06: one signs up, lands in the chat, signs out and in again', async ({ stranger }) => {
  const ann = await stranger('Ann')
  await ann.page.goto('/')
  await expect(ann.page).toHaveURL(/\/signin$/)
  await ann.signUp()
  await expect(ann.page).toHaveURL(/\/client\/main\//)

  await ann.page.getByRole('button', { name: 'Your menu' }).click()
  await ann.page.getByRole('menuitem', { name: /Sign out/ }).click()
  await expect(ann.page).toHaveURL(/\/signin$/)
  await ann.page.goto('/client/main')
  await expect(ann.page).toHaveURL(/\/signin$/)

  await ann.signIn()
  await expect(ann.composer('general')).toBeVisible()
})

test('E01: a phone number will do, however it is written', async ({ stranger }) => {
  const ann = await stranger('Ann')
  const digits = String(Math.floor(Math.random() * 1e8)).padStart(8, '0')
  await ann.signUp(`+49 30 ${digits}`)
  await ann.page.getByRole('button', { name: 'Your menu' }).click()
  await ann.page.getByRole('menuitem', { name: /Sign out/ }).click()
  await ann.signIn(`+4930${digits}`)
  await expect(ann.composer('general')).toBeVisible()
})

test('A10: a wrong password and an unknown person get the same answer', async ({ person, stranger }) => {
  const ann = await person('Ann')
  const visitor = await stranger('Vi')
  const words: string[] = []
  for (const [identifier, password] of [[ann.email, 'not her password'], ['nobody.at.all@example.com', 'whatever it is']] as const) {
    await visitor.signIn(identifier, password)
    const alert = visitor.page.getByRole('alert')
    await expect(alert).toBeVisible()
    words.push(await alert.innerText())
  }
  expect(words[0]).toBe(words[1])
  await expect(visitor.page).toHaveURL(/\/signin$/)
})

test('B07: what is wrong with a form is said at its field', async ({ person, stranger }) => {
  const ann = await person('Ann')
  const { page } = await stranger('Vi')
  await page.goto('/signup')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByText('Enter your name.')).toBeVisible()
  await expect(page.getByLabel('Full name')).toBeFocused()
  await page.getByLabel('Full name').fill('Vi')
  await page.getByLabel('Email or phone number').fill('not an address')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByText(/Enter an email address, or a phone number/)).toBeVisible()
  await expect(page.getByText('A password needs at least 8 characters.')).toBeVisible()

  await page.getByLabel('Email or phone number').fill(ann.email)
  await page.getByLabel('Password', { exact: true }).fill('long enough to pass')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByText('This email address already has an account.')).toBeVisible()
})

test('A16: a reload keeps one signed in, and a second window needs no password', async ({ person }) => {
  const ann = await person('Ann')
  await ann.page.reload()
  await expect(ann.composer('general')).toBeVisible()
  const second = await ann.context.newPage()
  await second.goto('/')
  await expect(ann.composer('general', second)).toBeVisible()
  const kept = await ann.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  expect(kept).not.toContain('eyJ')
  expect((await ann.context.cookies()).filter(({ name }) => name.includes('confab_refresh'))).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/v1/auth' }])
})

test('A16: windows opened at the same moment renew one after the other, and all stay signed in', async ({ person }) => {
  const ann = await person('Ann')
  const windows = await Promise.all(Array.from({ length: 4 }, () => ann.context.newPage()))
  await Promise.all(windows.map((page) => page.goto('/')))
  for (const page of windows) await expect(ann.composer('general', page)).toBeVisible()
  await ann.page.reload()
  await expect(ann.composer('general')).toBeVisible()
})

test('signing out in one window signs out all of them', async ({ person }) => {
  const ann = await person('Ann')
  const second = await ann.context.newPage()
  await second.goto('/')
  await expect(ann.composer('general', second)).toBeVisible()
  await second.getByRole('button', { name: 'Your menu' }).click()
  await second.getByRole('menuitem', { name: /Sign out/ }).click()
  await expect(second).toHaveURL(/\/signin$/)
  await expect(ann.page).toHaveURL(/\/signin$/)
})
