/** Every URL of the client: pages of its own, and routes of the server. Nobody else spells one. */

export const WORKSPACE = 'main'

export const pages = {
  signIn: '/signin',
  signUp: '/signup',
  client: `/client/${WORKSPACE}`,
  channels: `/client/${WORKSPACE}/channels`,
  people: `/client/${WORKSPACE}/people`,
  directMessages: `/client/${WORKSPACE}/dms`,
  you: `/client/${WORKSPACE}/you`,
  conversation: (conversation: string) => `/client/${WORKSPACE}/${conversation}`,
}

type Query = Record<string, string | number | null | undefined>

function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  if (pairs.length === 0) return path
  return `${path}?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString()}`
}

const conversation = (id: string) => `/v1/conversations/${encodeURIComponent(id)}`

export const routes = {
  register: '/v1/auth/register',
  login: '/v1/auth/login',
  refresh: '/v1/auth/refresh',
  logout: '/v1/auth/logout',
  me: '/v1/users/me',
  users: (query: { limit?: number; after?: string | number | null; q?: string; ids?: string }) => withQuery('/v1/users', query),
  conversations: '/v1/conversations',
  conversation,
  channels: (query: { limit?: number; after?: string | number | null; q?: string }) => withQuery('/v1/channels', query),
  members: (id: string, query: { after?: string | number | null }) => withQuery(`${conversation(id)}/members`, query),
  join: (id: string) => `${conversation(id)}/join`,
  leave: (id: string) => `${conversation(id)}/leave`,
  messages: (id: string, query: { before?: string | number | null; limit?: number }) =>
    withQuery(`${conversation(id)}/messages`, query),
}

/** The socket's address beside the page that runs us. */
export function realtimeUrl(page: { protocol: string; host: string }): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/v1/realtime`
}
