'use client';

import { createOnnxClient } from '../../lib/browser/workers';
import type { Client } from '../../lib/rpc/client';
import type { OnnxMethods } from '../../lib/rpc/methods';
import { useClient } from '../explorer/use-client';

/** Gives the client of the ONNX worker. */
export function useOnnxClient(): () => Client<OnnxMethods> {
  return useClient(createOnnxClient);
}

/** Where onnxruntime-web is served. */
export function runtimeFolder(): string {
  return new URL('wasm/', document.baseURI).href;
}
