import { expandTemplate, type KernelConstants } from './wgsl-template.ts'

/** `write` replaces the whole buffer, `update` changes it in place or in part; both are read_write in WGSL. */
export type BindingSpec =
  `${'read' | 'write' | 'update'} ${'f32' | 'u32' | 'i32' | 'vec2f' | 'vec4f' | 'vec2u' | 'vec4u' | 'vec4i'}`
export type ParameterType = 'f32' | 'u32'
/** WGSL extensions that a kernel may need, by the name of the device's feature. */
export type KernelFeature = 'subgroups' | 'shader-f16' | 'chromium-experimental-subgroup-matrix'

/**
 * One compute kernel: bindings, the `params` struct, constants and the entry point are generated, so shader and
 * TypeScript cannot disagree. Bindings that a call leaves out are not declared, and `//#if name` tells whether they
 * are there. What the source defines depends on `unit`:
 *   thread: `fn run(thread: u32)`, called for threads 0 .. threads-1, never synchronising with another thread;
 *   group:  `fn run(group: u32, local: u32)`, called by all threads of workgroups 0 .. threads/workgroup-1 together, so
 *           that barriers are allowed; with 'subgroups' `fn run(group: u32, local: u32, lane: u32, lanes: u32)`.
 */
export interface KernelDefinition {
  readonly name: string
  readonly source: string
  /** WGSL functions that the source calls. */
  readonly includes?: readonly string[]
  readonly bindings: Readonly<Record<string, BindingSpec>>
  readonly params: Readonly<Record<string, ParameterType>>
  readonly unit?: 'thread' | 'group'
  readonly requires?: readonly KernelFeature[]
  /** Threads of a workgroup; 64 if absent. A constant WORKGROUP of the call goes before it. */
  readonly workgroup?: number
}

export type Kernel<Binding extends string = string, Parameter extends string = string> = KernelDefinition & {
  readonly bindings: Readonly<Record<Binding, BindingSpec>>
  readonly params: Readonly<Record<Parameter, ParameterType>>
}

const extensions: Readonly<Record<KernelFeature, string>> = {
  subgroups: 'subgroups',
  'shader-f16': 'f16',
  'chromium-experimental-subgroup-matrix': 'chromium_experimental_subgroup_matrix',
}

/** WGSL's analysis asks for more than the same offset in all of a subgroup, which is what matrices need. */
const OFFSETS_BY_SUBGROUP = 'diagnostic(off, chromium.subgroup_matrix_uniformity);'

/** What every WebGPU device grants to a stage. */
const MAX_STORAGE_BUFFERS = 8
const DEFAULT_WORKGROUP = 64

/** Checks a definition and keeps the names of its bindings and parameters as types. */
export function defineKernel<Binding extends string, Parameter extends string>(
  definition: Kernel<Binding, Parameter>,
): Kernel<Binding, Parameter> {
  const count = Object.keys(definition.bindings).length
  if (count > MAX_STORAGE_BUFFERS)
    throw new Error(`${definition.name} binds ${count} buffers, 8 are granted.`)
  return definition
}

export function workgroupSize(kernel: KernelDefinition, constants: KernelConstants = {}): number {
  return (constants['WORKGROUP'] as number | undefined) ?? kernel.workgroup ?? DEFAULT_WORKGROUP
}

/** Names of the bindings of this call in binding order; the uniform `params` follows the last one. */
export function boundNames(kernel: KernelDefinition, given: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(kernel.bindings).filter((name) => given[name] !== undefined)
}

/** The whole WGSL module of one variant. */
export function kernelCode(
  kernel: KernelDefinition,
  bound: readonly string[],
  constants: KernelConstants,
): string {
  const declarations = bound.map((name, index) => {
    const [access, element] = kernel.bindings[name]!.split(' ')
    const mode = access === 'read' ? 'read' : 'read_write'
    return `@group(0) @binding(${index}) var<storage, ${mode}> ${name}: array<${element}>;`
  })
  const fields = ['threads: u32', ...Object.entries(kernel.params).map(([name, type]) => `${name}: ${type}`)]
  const flags = { ...constants, ...Object.fromEntries(bound.map((name) => [name, 1])) }
  const requires = kernel.requires ?? []
  return [
    ...requires.map((feature) => `enable ${extensions[feature]};`),
    ...(requires.includes('chromium-experimental-subgroup-matrix') ? [OFFSETS_BY_SUBGROUP] : []),
    ...Object.entries(constants).map(([name, value]) => constantDeclaration(name, value)),
    `struct Params { ${fields.join(', ')} }`,
    ...declarations,
    `@group(0) @binding(${bound.length}) var<uniform> params: Params;`,
    ...(kernel.includes ?? []).map((source) => expandTemplate(source, flags)),
    expandTemplate(kernel.source, flags),
    entryPoint(kernel, workgroupSize(kernel, constants)),
  ].join('\n')
}

function entryPoint({ unit = 'thread', requires = [] }: KernelDefinition, size: number): string {
  const subgroups = unit === 'group' && requires.includes('subgroups')
  const call =
    unit === 'thread'
      ? `let thread = index * ${size}u + local;
  if (thread < params.threads) { run(thread); }`
      : `if (index * ${size}u < params.threads) { run(index, local${subgroups ? ', lane, lanes' : ''}); }`
  const lanes = '@builtin(subgroup_invocation_id) lane: u32, @builtin(subgroup_size) lanes: u32'
  return `@compute @workgroup_size(${size})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32${subgroups ? `, ${lanes}` : ''}) {
  let index = group.x + group.y * groups.x;
  ${call}
}`
}

function constantDeclaration(name: string, value: number | readonly number[]): string {
  if (typeof value === 'number')
    return `const ${name} = ${Number.isInteger(value) ? `${value}u` : `f32(${value})`};`
  return `const ${name} = array<f32, ${value.length}>(${value.map((entry) => `f32(${entry})`).join(', ')});`
}

/** The uniform block of a call: threads, then the parameters in order, 4 bytes each, padded to 16 bytes. */
export function packParams(
  kernel: KernelDefinition,
  threads: number,
  values: Readonly<Record<string, number>>,
): ArrayBuffer {
  const entries = Object.entries(kernel.params)
  const bytes = new DataView(new ArrayBuffer(Math.ceil((entries.length + 1) / 4) * 16))
  bytes.setUint32(0, threads, true)
  entries.forEach(([name, type], index) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${kernel.name} needs the parameter ${name}.`)
    if (type === 'f32') bytes.setFloat32(4 * index + 4, value, true)
    else bytes.setUint32(4 * index + 4, value, true)
  })
  return bytes.buffer
}

/** Workgroups in x and y for this many of them; x alone may not pass the device's limit (65,535). */
export function foldWorkgroups(groups: number, limit: number): [number, number] {
  if (groups <= limit) return [groups, 1]
  const y = Math.ceil(groups / limit)
  return [Math.ceil(groups / y), y]
}
