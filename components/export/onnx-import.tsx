'use client';

import { useId, useState } from 'react';
import { inWords } from '../../lib/errors';
import { formatNumber } from '../../lib/format';
import type { ReadModel } from '../../lib/onnx/exchange';
import type { ImportedModel } from '../../lib/regression/imported';
import { cleanLine } from '../../lib/runs/labels';
import { newId } from '../../lib/store/new-id';
import { mostImportedNumbers } from '../../lib/study/bounds';
import { partImported } from '../../lib/study/imported-models';
import { useSession, useStores } from '../explorer/stores';
import { FilePicker } from '../ui/file-picker';
import { Select } from '../ui/select';

const longestName = 60;
const kept = 'It is kept with the study, here and in its file.';
const notKept = `It is too large to be kept with the study (up to ${(8 * mostImportedNumbers) / 1e6} MB are): it goes when this page is closed or reloaded, so keep its file.`;

/** A model from elsewhere as the regressor of a target: it then stands in every panel and the optimum. */
export function OnnxImport() {
  const { study, settings } = useSession();
  const { study: store, onnx } = useStores();
  const [target, setTarget] = useState<string | null>(null);
  const [order, setOrder] = useState('');
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState('');
  const [said, setSaid] = useState('');
  const orderId = useId();
  const chosen = study.targets.find(({ id }) => id === target)?.id ?? settings.target;

  return (
    <div className="row-controls">
      <Select
        label="Target it predicts"
        value={chosen}
        options={study.targets.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setTarget}
      />
      <label className="bound onnx-order" htmlFor={orderId}>
        <span>Its inputs in order, if the file does not name them</span>
        <input
          id={orderId}
          className="field"
          autoComplete="off"
          placeholder={study.domains.map(({ id }) => id).join(', ')}
          value={order}
          onChange={(event) => setOrder(event.currentTarget.value)}
        />
      </label>
      <FilePicker
        label={running ? 'Reading and trying it…' : 'Import an ONNX model'}
        accept=".onnx"
        onFiles={([file]) => void read(file)}
      />
      {said !== '' && (
        <p className="small measure" role="status">
          {said}
        </p>
      )}
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
    </div>
  );

  async function read(file: File): Promise<void> {
    if (running) return;
    setRunning(true);
    setProblem('');
    setSaid('');
    try {
      const result = await onnx.import({
        file,
        domains: study.domains,
        order: order.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
        comparison: { prior: study.prior.weights, seed: settings.seed },
      });
      const id = newId();
      const imported: ImportedModel = {
        id,
        target: chosen,
        name: cleanLine(file.name, longestName),
        model: { kind: 'onnx', id, features: study.domains.length },
        source: result.source,
      };
      store.edit((session) => {
        // Another study was opened meanwhile: its domains are others.
        if (session.study.id !== study.id) return session;
        const others = session.study.imported?.filter((each) => each.target !== chosen) ?? [];
        return {
          study: { ...session.study, imported: [...others, imported] },
          settings: { ...session.settings, target: chosen, regressor: 'imported' },
        };
      });
      const { left } = partImported(store.getState().session.study);
      setSaid(`${describe(result)} ${left.includes(imported) ? notKept : kept}`);
    } catch (error) {
      setProblem(inWords(error));
    } finally {
      setRunning(false);
    }
  }

  function describe({ producer, isNamed, target: named, mixtures, range }: ReadModel): string {
    const by = producer === '' ? '' : ` by ${producer}`;
    const [least, largest] = range.map((value) => formatNumber(value, 3));
    const order = isNamed
      ? 'Its inputs are named in the file.'
      : 'The file does not name its inputs: they were taken in the order above.';
    const other =
      named !== '' && named !== chosen
        ? ` The file says that it predicts “${named}”, not the target chosen here.`
        : '';
    return `A model${by}, run by onnxruntime, now in every panel. For ${mixtures.toLocaleString('en')} mixtures it predicts ${least} to ${largest}. ${order}${other}`;
  }
}
