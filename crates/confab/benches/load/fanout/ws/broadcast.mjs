// A bare broadcast server: whatever comes goes to everybody. Says its address, and ends with its parent.
import { WebSocket, WebSocketServer } from 'ws'

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('listening', () => console.log(`127.0.0.1:${server.address().port}`))
server.on('connection', (socket) => {
  socket.on('message', (message, binary) => {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(message, { binary })
    }
  })
})
process.stdin.resume().on('end', () => process.exit())
