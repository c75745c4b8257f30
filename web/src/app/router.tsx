/** Which page is where. */
import { createBrowserRouter, Navigate } from 'react-router'

import { pages } from '~/lib/paths'

import { SignInRoute, SignUpRoute } from './routes/AuthRoute'
import { ClientRoute } from './routes/ClientRoute'
import { ConversationRoute } from './routes/ConversationRoute'
import { ChannelsPane, HomePane, NothingChosen, NotFound, PeoplePane } from './routes/panes'

export const router = createBrowserRouter([
  { path: '/', element: <Navigate to={pages.client} replace /> },
  { path: pages.signIn, element: <SignInRoute /> },
  { path: pages.signUp, element: <SignUpRoute /> },
  {
    path: '/client/:workspace',
    element: <ClientRoute />,
    children: [
      { index: true, element: <HomePane /> },
      { path: 'channels', element: <ChannelsPane /> },
      { path: 'people', element: <PeoplePane /> },
      { path: 'dms', element: <NothingChosen /> },
      { path: 'you', element: <NothingChosen /> },
      { path: ':conversation', element: <ConversationRoute /> },
    ],
  },
  { path: '*', element: <NotFound /> },
])
