'use client';

import { useMemo } from 'react';
import { columnOf } from '../../lib/matrix';
import { brushedRows } from '../charts/parallel-brush';
import { useSession, useView } from './stores';

/** The training runs inside of every brush; null when nothing is brushed. */
export function useBrushed(): { readonly rows: Uint8Array; readonly count: number } | null {
  const { study } = useSession();
  const brushes = useView((state) => state.brushes);
  return useMemo(() => {
    const { mixtures, losses } = study.training;
    const axes = [...brushes.keys()].flatMap((key) => {
      const domain = study.domains.findIndex(({ id }) => id === key);
      if (domain >= 0) return [{ key, values: columnOf(mixtures, domain) }];
      const target = study.targets.findIndex(({ id }) => `target ${id}` === key);
      return target >= 0 ? [{ key, values: columnOf(losses, target) }] : [];
    });
    if (axes.length === 0) return null;
    const rows = brushedRows(axes, brushes);
    return { rows, count: rows.reduce((sum, inside) => sum + inside, 0) };
  }, [study, brushes]);
}
