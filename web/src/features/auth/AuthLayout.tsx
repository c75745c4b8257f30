/** The white page around signing in and signing up. */
import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { APP_NAME } from '~/lib/app-name'

interface AuthLayoutProps {
  title: string
  sub: string
  /** The way to the other of the two pages. */
  other: { question: string; label: string; to: string }
  children: ReactNode
}

export function AuthLayout({ title, sub, other, children }: AuthLayoutProps) {
  return (
    <div className="scrolls h-full bg-bg">
      <header className="relative pt-[50px] text-center">
        <span className="inline-flex h-[34px] items-center gap-2 text-[26px] font-black tracking-tight text-strong">
          <img src="/favicon.svg" alt="" className="size-[34px]" />
          {APP_NAME}
        </span>
        <p className="mt-3 text-caption text-fg-2 pane:absolute pane:top-[54px] pane:right-10 pane:mt-0 pane:text-right">
          {other.question}{' '}
          <Link to={other.to} className="font-bold text-link hover:underline">
            {other.label}
          </Link>
        </p>
      </header>
      <main className="mx-auto w-full max-w-[440px] px-5 pt-8 pb-12">
        <h1 className="text-center text-[32px] leading-[38px] font-bold tracking-tight text-strong pane:-mx-20 pane:text-[48px] pane:leading-[46px]">{title}</h1>
        <p className="mt-3 mb-8 text-center text-title text-fg-2">{sub}</p>
        {children}
      </main>
    </div>
  )
}
