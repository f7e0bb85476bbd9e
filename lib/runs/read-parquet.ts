import { RunsError } from './errors';
import type { CsvTable } from './table';
export async function readParquet(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<CsvTable> {
  throw new RunsError({ file, problem: `no ${bytes.length}` });
}
