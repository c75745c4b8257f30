// Build, development server and unit tests. The development server speaks to an all-in-one on port 8080.
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const server = process.env.CONFAB_DEV_SERVER ?? 'http://127.0.0.1:8080'
// The server refuses sockets from foreign origins, so the proxy speaks as the server's own page.
const proxied = { target: server, changeOrigin: true, ws: true, headers: { origin: server } }

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0 },
  server: { proxy: { '/v1': proxied, '/.well-known': proxied } },
  preview: { proxy: { '/v1': proxied, '/.well-known': proxied } },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
  },
})
