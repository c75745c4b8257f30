/** Two people, two browsers: they find each other, talk, lose and find the connection, and nothing is lost or doubled. */
import { expect, test, timeUntilVisible } from './people'

test('A01 A05 A14 B04 B10 B13 C07 D09: two people find each other and talk both ways, each message in under a second', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await ann.say('Hello from Ann')
  await bo.open(ann.name)
  await expect(bo.message('Hello from Ann')).toBeVisible()

  for (let round = 1; round <= 3; round++) {
    await ann.say(`ping ${round}`)
    expect(await timeUntilVisible(bo.message(`ping ${round}`))).toBeLessThan(1000)
    await bo.say(`pong ${round}`)
    expect(await timeUntilVisible(ann.message(`pong ${round}`))).toBeLessThan(1000)
  }
  await expect(ann.page.locator('[data-message][data-delivery=sent]')).toHaveCount(7)
})

test('D08: a message in a channel reaches everyone in it', async ({ person }) => {
  const ann = await person('Ann')
  const others = [await person('Bo'), await person('Cy')]
  const text = `To all, from ${ann.name}`
  await ann.say(text)
  for (const other of others) expect(await timeUntilVisible(other.message(text))).toBeLessThan(1000)
})

test('A14 B13: messages arrive without polling', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await ann.say('first')
  await bo.open(ann.name)
  await expect(bo.message('first')).toBeVisible()
  await bo.page.waitForTimeout(500)

  const requests: string[] = []
  bo.page.on('request', (request) => requests.push(`${request.method()} ${request.url()}`))
  for (let count = 1; count <= 5; count++) {
    await ann.say(`live ${count}`)
    await expect(bo.message(`live ${count}`)).toBeVisible()
  }
  await bo.page.waitForTimeout(4000)
  expect(requests).toEqual([])
})

test('A14 D11: offline for a while, one comes back to everything, once and in order, and what one wrote meanwhile is sent', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await ann.say('note 1')
  await bo.open(ann.name)
  await expect(bo.message('note 1')).toBeVisible()

  await bo.context.setOffline(true)
  await expect(bo.page.locator('[data-reconnecting]')).toBeVisible({ timeout: 15_000 })
  for (const count of [2, 3, 4, 5]) await ann.say(`note ${count}`)
  await expect(ann.message('note 5')).toBeVisible()
  await bo.say('note 6, written offline')
  await expect(bo.message('note 6')).toHaveAttribute('data-delivery', 'pending')
  await expect(bo.message('note 5')).toHaveCount(0)

  await bo.context.setOffline(false)
  const expected = ['note 1', 'note 2', 'note 3', 'note 4', 'note 5', 'note 6, written offline']
  for (const someone of [bo, ann]) {
    await expect(async () => expect(await someone.texts('note')).toEqual(expected)).toPass({ timeout: 20_000 })
  }
  await expect(bo.page.locator('[data-reconnecting]')).toHaveCount(0)
  await bo.page.reload()
  await expect(bo.message('note 6')).toBeVisible()
  expect(await bo.texts('note')).toEqual(expected)
})

test('A05: a message that could not be sent says so, and is sent once when tried again', async ({ stranger, person }) => {
  const ann = await stranger('Ann')
  let swallow = false
  await ann.page.routeWebSocket(/\/v1\/realtime/, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((frame) => {
      if (!(swallow && String(frame).includes('"type":"send"'))) server.send(frame)
    })
  })
  await ann.signUp()
  const bo = await person('Bo')
  await ann.openDirect(bo)

  swallow = true
  await ann.say('will it arrive?')
  await expect(ann.message('will it arrive?')).toHaveAttribute('data-delivery', 'pending')
  await expect(ann.page.locator('[data-message]').getByText("Couldn't send.")).toBeVisible({ timeout: 15_000 })
  await expect(ann.message('will it arrive?')).toHaveAttribute('data-delivery', 'failed')

  await ann.page.reload()
  await expect(ann.message('will it arrive?')).toHaveAttribute('data-delivery', 'failed')

  swallow = false
  await ann.page.getByRole('button', { name: 'Try again' }).click()
  await expect(ann.message('will it arrive?')).toHaveAttribute('data-delivery', 'sent')
  await bo.open(ann.name)
  await expect(bo.message('will it arrive?')).toHaveCount(1)

  swallow = true
  await ann.say('never mind')
  await expect(ann.page.locator('[data-message]').getByText("Couldn't send.")).toBeVisible({ timeout: 15_000 })
  await ann.page.getByRole('button', { name: 'Delete' }).click()
  await expect(ann.message('never mind')).toHaveCount(0)
})

test('A13 B03 B14 C12: one sees whether the other is there, live', async ({ person }) => {
  test.setTimeout(90_000)
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  const dot = ann.row(bo.name).locator('[data-presence]')
  await expect(dot).toHaveAttribute('data-presence', 'active')

  await bo.page.getByRole('button', { name: 'Your menu' }).click()
  await bo.page.getByRole('menuitem', { name: 'Set yourself as away' }).click()
  await expect(dot).toHaveAttribute('data-presence', 'away')
  await bo.page.getByRole('button', { name: 'Your menu' }).click()
  await bo.page.getByRole('menuitem', { name: 'Set yourself as active' }).click()
  await expect(dot).toHaveAttribute('data-presence', 'active')

  await bo.page.close()
  await expect(dot).toHaveAttribute('data-presence', 'away', { timeout: 45_000 })
  const back = await bo.context.newPage()
  await back.goto('/')
  await expect(dot).toHaveAttribute('data-presence', 'active', { timeout: 15_000 })
})

test('C05 E04: one sees the other typing, until the message comes', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  await ann.openDirect(bo)
  await ann.say('are you there?')
  await bo.open(ann.name)
  await bo.composer(ann.name).pressSequentially('yes, I am', { delay: 30 })
  const line = ann.page.locator('[data-typing-line]')
  await expect(line).toHaveText(`${bo.name} is typing`)
  await bo.composer(ann.name).press('Enter')
  await expect(ann.message('yes, I am')).toBeVisible()
  await expect(line).toHaveText('')
})

test('B02: the list of people shows others, never oneself, and who signs up appears by herself', async ({ person, stranger }) => {
  const ann = await person('Ann')
  await ann.findPeople(ann.name)
  await expect(ann.page.getByRole('main', { name: 'People' })).toBeVisible()
  await expect(ann.page.getByText('No one matches')).toBeVisible()
  const bo = await stranger('Bo')
  await ann.page.getByRole('searchbox', { name: 'Search for people' }).fill(bo.name)
  await expect(ann.page.getByText('No one matches')).toBeVisible()
  await bo.signUp()
  await expect(ann.page.getByRole('button', { name: `Message ${bo.name}` })).toBeVisible()
})
