/** Every URL, in one picture: a change here is a change someone must mean. */
import { expect, it } from 'vitest'

import openapi from '../../../openapi/openapi.json'

import { pages, realtimeUrl, routes } from './paths'

it('pages and routes', () => {
  expect(pages.conversation('c1')).toBe('/client/main/c1')
  expect(routes.messages('c1', { before: 42, limit: 50 })).toBe('/v1/conversations/c1/messages?before=42&limit=50')
  expect(routes.messages('c1', { before: null })).toBe('/v1/conversations/c1/messages')
  expect(routes.channels({ limit: 50, q: 'a b&c' })).toBe('/v1/channels?limit=50&q=a+b%26c')
  expect(routes.users({ ids: 'a,b' })).toBe('/v1/users?ids=a%2Cb')
  expect(routes.users({ limit: 50, after: null, q: '' })).toBe('/v1/users?limit=50')
  expect(routes.join('../x')).toBe('/v1/conversations/..%2Fx/join')
  expect(realtimeUrl({ protocol: 'https:', host: 'chat.example' })).toBe('wss://chat.example/v1/realtime')
  expect(realtimeUrl({ protocol: 'http:', host: '127.0.0.1:8080' })).toBe('ws://127.0.0.1:8080/v1/realtime')
})

it('every route is one that the server documents', () => {
  const { paths } = openapi as { paths: Record<string, object> }
  const patterns = Object.keys(paths).map((path) => new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`))
  const used = [
    routes.register, routes.login, routes.refresh, routes.logout, routes.me, routes.conversations, routes.users({}),
    routes.channels({}), routes.conversation('c'), routes.members('c', {}), routes.join('c'), routes.leave('c'), routes.messages('c', {}),
  ]
  expect(used.filter((route) => !patterns.some((pattern) => pattern.test(route)))).toEqual([])
})
