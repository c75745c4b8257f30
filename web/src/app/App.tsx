/** The whole client: pages, tooltips, notices. */
import { Tooltip } from '@base-ui/react/tooltip'
import { RouterProvider } from 'react-router/dom'

import { Pane } from '~/ui/Pane'
import { Toasts } from '~/ui/toast'

import { router } from './router'

export function App() {
  return (
    <Tooltip.Provider timeout={150}>
      <Pane>
        <RouterProvider router={router} />
      </Pane>
      <Toasts />
    </Tooltip.Provider>
  )
}
