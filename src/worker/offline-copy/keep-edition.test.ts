import { expect, test } from 'vitest'
import type { Edition } from './edition.ts'
import { dropEditions, keepEdition } from './keep-edition.ts'
import { keptAddresses } from './kept-address.ts'

const folder = 'https://host.example/some/path/'

const edition = (version: string, paths: readonly string[]): Edition => ({
  version,
  files: paths.map((path) => ({ path, bytes: 10, integrity: `sha256-${version}` })),
})

/** As much of a browser's caches as is used, by name and address. */
function memoryCaches() {
  const held = new Map<string, Map<string, Response>>()
  const caches = {
    async open(name: string) {
      const files = held.get(name) ?? new Map<string, Response>()
      held.set(name, files)
      return {
        match: async (url: string) => files.get(url),
        put: async (url: string, response: Response) => void files.set(url, response),
      }
    },
    keys: async () => [...held.keys()],
    delete: async (name: string) => held.delete(name),
  } as unknown as CacheStorage
  return { caches, held }
}

test('an edition that breaks off is not whole, goes on where it was, and leaves the others alone', async () => {
  const { caches, held } = memoryCaches()
  const asked: string[] = []
  let broken = 'worlds/b'
  const fetch = (async (url: string, { integrity }: RequestInit) => {
    asked.push(`${url.slice(folder.length)} ${integrity}`)
    return new Response('', { status: url.endsWith(broken) ? 404 : 200 })
  }) as typeof globalThis.fetch
  const one = edition('one', ['', 'worlds/b', 'assets/c.js'])
  await expect(keepEdition(one, folder, { caches, fetch })).rejects.toThrow('worlds/b answered 404')
  const files = () => [...(held.get('soma-studio /some/path/ one')?.keys() ?? [])]
  expect(files()).toEqual([folder])
  broken = 'nothing'
  await keepEdition(one, folder, { caches, fetch })
  // What was there is not fetched again; each is asked for with the digest that the build wrote down.
  expect(asked).toEqual([
    ' sha256-one',
    'worlds/b sha256-one',
    'worlds/b sha256-one',
    'assets/c.js sha256-one',
  ])
  const record = held.get('soma-studio /some/path/ one')?.get(`${folder}offline-edition.json`)
  expect(await record?.json()).toEqual({ version: 'one', bytes: 30 })

  await keepEdition(edition('two', ['']), folder, { caches, fetch })
  await caches.open('soma-studio /some/ one')
  await caches.open('another app')
  await dropEditions(folder, caches, 'two')
  expect(await caches.keys()).toEqual([
    'soma-studio /some/path/ two',
    'soma-studio /some/ one',
    'another app',
  ])
})

test('only files of the edition are answered, whole, and the page under each of its names', () => {
  const addressOf = keptAddresses(
    edition('one', ['', 'assets/main-abc.js', 'worlds/small/world.json']),
    folder,
  )
  const ask = (url: string, init: Partial<Request> = {}) =>
    addressOf({ url, method: 'GET', cache: 'default', headers: new Headers(), ...init })
  expect(ask(folder)).toBe(folder)
  expect(ask(`${folder}index.html`)).toBe(folder)
  expect(ask(`${folder}?from=mail#train`)).toBe(folder)
  expect(ask(`${folder}assets/main-abc.js`)).toBe(`${folder}assets/main-abc.js`)
  const main = `${folder}assets/main-abc.js`
  const others = [
    ask(`${folder}assets/main-def.js`),
    ask(`${folder}bridge`),
    ask(`${folder}offline.js`),
    ask('https://host.example/'),
    ask('https://node.example/some/path/assets/main-abc.js'),
    ask(main, { headers: new Headers({ range: 'bytes=0-9' }) }),
    ask(main, { cache: 'no-store' }),
    ask(main, { method: 'HEAD' }),
  ]
  expect(others).toEqual(others.map(() => undefined))
})
