import { ModuleBuilder, Vector } from './builder';

/** Whether WebAssembly has vectors here. */
export function hasSimd(): boolean {
  const module = new ModuleBuilder();
  module.define('vector', 0, (body) => {
    body.vector(Vector.of(0));
  });
  return WebAssembly.validate(module.encode());
}
