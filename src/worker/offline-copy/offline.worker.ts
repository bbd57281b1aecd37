/** Entry of the service worker: answers with the edition that it was built with, and with no other. */
import { cachePrefix, type Edition, keepAgain, takeOver } from './edition.ts'
import { dropEditions, keepEdition } from './keep-edition.ts'
import { keptAddresses } from './kept-address.ts'

// Written by the build wherever it stands, so once.
declare const EDITION: Edition
declare const self: ServiceWorkerGlobalScope

const edition = EDITION
const folder = self.registration.scope
const addressOf = keptAddresses(edition, folder)
const cacheName = cachePrefix(folder) + edition.version
const keep = () => keepEdition(edition, folder, { caches, fetch: (...asked) => fetch(...asked) })

self.addEventListener('install', (event) => {
  event.waitUntil(keep())
})

self.addEventListener('activate', (event) => {
  // A first visit that loses its connection goes on as well.
  event.waitUntil(dropEditions(folder, caches, edition.version).then(() => self.clients.claim()))
})

self.addEventListener('message', (event) => {
  if (event.data === takeOver) void self.skipWaiting()
  if (event.data !== keepAgain) return
  const answer = () => event.ports[0]?.postMessage(null)
  event.waitUntil(keep().then(answer, answer))
})

self.addEventListener('fetch', (event) => {
  const address = addressOf(event.request)
  if (address !== undefined) event.respondWith(answer(event.request, address))
})

/** The browser, or its user, may have cleared the cache. */
async function answer(request: Request, address: string): Promise<Response> {
  return (await caches.match(address, { cacheName, ignoreVary: true })) ?? fetch(request)
}
