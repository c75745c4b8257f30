/** Everything a signed-in person sees: the frame, with the sidebar in it and the present pane as outlet. */
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Navigate, Outlet, useLocation, useMatch, useNavigate } from 'react-router'

import { ClientContext } from '~/api/client'
import { DirectList } from '~/features/sidebar/DirectList'
import { Sidebar } from '~/features/sidebar/Sidebar'
import { pages } from '~/lib/paths'
import { words } from '~/lib/words'
import { Button } from '~/ui/Button'
import { Dialog } from '~/ui/Dialog'
import { Pane } from '~/ui/Pane'

import { useMayFetch } from '../first-ready'
import { AppFrame } from '../frame/AppFrame'
import { BootFrame } from '../frame/BootFrame'
import { OfflineBanner } from '../frame/ConnectionNotices'
import { Rail } from '../frame/Rail'
import { TopBar } from '../frame/TopBar'
import { useSidebarView } from '../frame/sidebar-view'
import { useSession } from '../session'
import { useSectionKeys } from '../use-section-keys'
import { You } from './You'

const CreateChannelDialog = lazy(async () => ({ default: (await import('~/features/conversation/CreateChannelDialog')).CreateChannelDialog }))

export interface Outer {
  createChannel: () => void
}

export function ClientRoute() {
  const session = useSession((state) => state.session)
  const location = useLocation()
  if (session.status === 'starting') return <BootFrame />
  if (session.status === 'out') return <Navigate to={pages.signIn} replace state={{ from: location.pathname }} />
  return (
    <ClientContext value={session.client}>
      <QueryClientProvider client={session.cache}>
        <Signed key={session.client.me.id} expired={session.expired} />
      </QueryClientProvider>
    </ClientContext>
  )
}

function Signed({ expired }: { expired: boolean }) {
  const mayFetch = useMayFetch()
  const { pathname } = useLocation()
  const selected = useMatch('/client/:workspace/:conversation')?.params.conversation ?? null
  const [creating, setCreating] = useState(false)
  const createChannel = () => setCreating(true)
  useSectionKeys()
  const lists: string[] = [pages.client, pages.directMessages, pages.you]
  if (!mayFetch) return <BootFrame />
  return (
    <>
      <AppFrame
        topBar={<TopBar />}
        rail={<Rail onCreateChannel={createChannel} />}
        banner={<OfflineBanner />}
        shows={lists.includes(pathname) ? 'list' : 'primary'}
        sidebar={
          <Pane>
            <SidebarView selected={selected} onCreateChannel={createChannel} />
          </Pane>
        }
      >
        <Pane key={pathname}>
          <Outlet context={{ createChannel } satisfies Outer} />
        </Pane>
      </AppFrame>
      {creating && (
        <Suspense>
          <CreateChannelDialog onClose={() => setCreating(false)} />
        </Suspense>
      )}
      {expired && <Expired />}
    </>
  )
}

function SidebarView(props: { selected: string | null; onCreateChannel: () => void }) {
  const view = useSidebarView()
  const { pathname } = useLocation()
  if (pathname === pages.you) return <You />
  return view === 'dms' ? <DirectList /> : <Sidebar {...props} />
}

function Expired() {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const signIn = () => {
    useSession.setState({ session: { status: 'out' } })
    void navigate(pages.signIn, { state: { from: pathname } })
  }
  return (
    <Dialog
      open
      width={480}
      onClose={signIn}
      title={words.auth.expiredTitle}
      closeLabel={words.actions.close}
      footer={
        <Button look="primary" onClick={signIn}>
          {words.auth.signIn}
        </Button>
      }
    >
      <p>{words.auth.expiredText}</p>
    </Dialog>
  )
}
