/** Channels: made, found, joined, left. */
import { channelName, expect, test } from './people'

test('D07 E03 A04: a channel is created, found, joined and left', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  const name = channelName()
  await ann.createChannel(name)
  await ann.say('first words in here')
  await expect(ann.row(name)).toHaveAttribute('aria-current', 'page')

  await bo.page.getByRole('treeitem', { name: 'Add channels' }).click()
  await bo.page.getByRole('searchbox', { name: 'Search for channels' }).fill(name)
  const found = bo.page.getByRole('main').getByRole('listitem')
  await expect(found).toHaveCount(1)
  await found.getByRole('link').click()
  await expect(bo.message('first words in here')).toBeVisible()
  await expect(bo.composer(name)).toHaveCount(0)

  await bo.page.getByRole('button', { name: 'Join channel' }).click()
  await expect(bo.composer(name)).toBeVisible()
  await expect(bo.row(name)).toHaveAttribute('aria-current', 'page')
  await expect(ann.page.getByRole('button', { name: '2 members' })).toBeVisible()
  await bo.say('hello, I joined')
  await expect(ann.message('hello, I joined')).toBeVisible()

  await ann.page.getByRole('button', { name: '2 members' }).click()
  const members = ann.page.getByRole('dialog', { name: 'Members' })
  await expect(members.getByRole('listitem')).toHaveCount(2)
  await expect(members.getByText(bo.name)).toBeVisible()
  await members.getByRole('button', { name: 'Close' }).click()

  await bo.page.getByRole('button', { name: 'More actions' }).click()
  await bo.page.getByRole('menuitem', { name: 'Leave channel' }).click()
  await expect(bo.row(name)).toHaveCount(0)
  await expect(ann.page.getByRole('button', { name: '1 member' })).toBeVisible()
})

test('D07: from the list one joins and leaves with a button', async ({ person }) => {
  const ann = await person('Ann')
  const bo = await person('Bo')
  const name = channelName()
  await ann.createChannel(name)
  await bo.page.getByRole('treeitem', { name: 'Add channels' }).click()
  await bo.page.getByRole('searchbox', { name: 'Search for channels' }).fill(name)
  await bo.page.getByRole('main').getByRole('listitem').hover()
  await bo.page.getByRole('button', { name: `Join #${name}` }).click()
  await expect(bo.row(name)).toBeVisible()
  await bo.page.getByRole('main').getByRole('listitem').hover()
  await bo.page.getByRole('button', { name: `Leave #${name}` }).click()
  await expect(bo.row(name)).toHaveCount(0)
})

test('D07: a name that is taken is refused at its field', async ({ person }) => {
  const ann = await person('Ann')
  await ann.page.getByRole('button', { name: 'Create new' }).click()
  await ann.page.getByRole('menuitem', { name: 'Channel' }).click()
  await ann.page.getByLabel('Name', { exact: true }).fill('General')
  await ann.page.getByRole('button', { name: 'Create channel' }).click()
  await expect(ann.page.getByText('That name is already taken by a channel.')).toBeVisible()
  await expect(ann.page.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true')
})

test('D07: nobody is offered to leave #general', async ({ person }) => {
  const ann = await person('Ann')
  await expect(ann.page.getByRole('button', { name: /members?$/ })).toBeVisible()
  await expect(ann.page.getByRole('button', { name: 'More actions' })).toHaveCount(0)
})

test('a channel that does not exist says so', async ({ person }) => {
  const ann = await person('Ann')
  await ann.page.goto('/client/main/00000000-0000-7000-8000-000000000000')
  await expect(ann.page.getByText("This channel doesn't exist or you don't have access.")).toBeVisible()
})
