'use client';

import { useId, useState } from 'react';
import { inWords } from '../../lib/errors';
import { plural } from '../../lib/format';
import type { ReadModel } from '../../lib/onnx/exchange';
import type { ImportedModel } from '../../lib/regression/imported';
import { cleanLine } from '../../lib/runs/labels';
import { mostImportedNumbers } from '../../lib/study/bounds';
import { partImported } from '../../lib/study/imported-models';
import { useSession, useStores } from '../explorer/stores';
import { FilePicker } from '../ui/file-picker';
import { Select } from '../ui/select';
import { runtimeFolder, useOnnxClient } from './use-onnx-client';

const longestName = 60;
const kept = 'It is kept with the study, here and in its file.';
const notKept = `It is too large to be kept with the study (up to ${mostImportedNumbers.toLocaleString('en')} numbers are, about 8 MB): it goes when this page is closed or reloaded, so keep its file.`;

/** A model from elsewhere as the regressor of a target: it then stands in every panel and the optimum. */
export function OnnxImport() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const client = useOnnxClient();
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
        label={running ? 'Reading and comparing…' : 'Import an ONNX model'}
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
      const result = await client().call('import', {
        folder: runtimeFolder(),
        file,
        domains: study.domains,
        order: order.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
        comparison: { prior: study.prior.weights, seed: settings.seed },
      });
      const imported: ImportedModel = {
        id: crypto.randomUUID(),
        target: chosen,
        name: cleanLine(file.name, longestName),
        model: result.model,
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

  function describe({ model, producer, isNamed, target: named, agreement }: ReadModel): string {
    const what = model.kind === 'trees' ? plural(model.rounds, 'tree') : 'A linear model';
    const by = producer === '' ? '' : ` by ${producer}`;
    const order = isNamed
      ? 'Its inputs are named in the file.'
      : 'The file does not name its inputs: they were taken in the order above.';
    const other =
      named !== '' && named !== chosen
        ? ` The file says that it predicts “${named}”, not the target chosen here.`
        : '';
    return `${what}${by}, now in every panel. On ${agreement.mixtures.toLocaleString('en')} mixtures onnxruntime differs from it by at most ${agreement.relative.toExponential(1)} of the prediction. ${order}${other}`;
  }
}
