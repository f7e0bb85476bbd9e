'use client';

/**
 * The export stage: the mixture as a file for trainers, the model as JSON or ONNX, and the import
 * of ONNX models.
 */
import { useId, useState } from 'react';
import { fitKey, fitOptions, importedModel } from '../../lib/analysis/keys';
import { download } from '../../lib/browser/files';
import { mixtureFormats, noteOn } from '../../lib/export/formats';
import { errorMessage } from '../../lib/model/errors';
import { formatNumber, plural, targetLabel } from '../../lib/model/format';
import { cleanLine, newId } from '../../lib/model/labels';
import type { ImportedModel, RegressorId } from '../../lib/model/regressor';
import { maxImportedNumbers } from '../../lib/model/study';
import { agreed } from '../../lib/onnx/agree';
import type { OnnxFile, ReadModel } from '../../lib/onnx/exchange';
import { catalogue, regressorInfo } from '../../lib/regression/catalogue';
import { modelToJson } from '../../lib/regression/serialise';
import { datasetNames } from '../../lib/runs/dataset-names';
import { revisionOf } from '../../lib/study/identity';
import { partImported } from '../../lib/study/imported-models';
import { HiddenAnswer } from '../lesson/lesson';
import { SaveStudy } from '../library/save-study';
import { useFormer } from '../optimum/hooks';
import { ShareButton } from '../share/share-button';
import { useAnalysis, useHidesAnswer, useOptimum, useSession, useStores } from '../shell/stores';
import { FilePicker, Select } from '../ui/controls';
import { Disclosure } from '../ui/layout';
import { ReportButton } from './report-button';
import { useMixture } from './use-mixture';

/** The mixture in a trainer's format, the report, and models exported and imported. */
export default function ExportBody() {
  const isHidden = useHidesAnswer();
  return (
    <>
      <div className="stage-body">
        {isHidden ? <HiddenAnswer /> : <MixtureFile />}
        <div className="stage-controls">
          <ShareButton label="Share a link" className="button" />
          {!isHidden && <ReportButton />}
          <SaveModel />
          <SaveStudy />
        </div>
      </div>
      <Disclosure label="ONNX: a fit for other tools, or a model from elsewhere">
        <p className="quiet small measure">
          Trees and linear models as ONNX files for any runtime, and ONNX regressors of
          scikit-learn, LightGBM, XGBoost and PyTorch as a fit for this page. Both are run by
          onnxruntime in this tab; nothing is sent.
        </p>
        <OnnxExport />
        <OnnxImport />
      </Disclosure>
    </>
  );
}

/** The optimum in a chosen format, as a file and as a preview. */
function MixtureFile() {
  const { study, settings } = useSession();
  const solved = useOptimum((state) => state.solved);
  const { weights, advice, violated } = useMixture();
  const [picked, setPicked] = useState(mixtureFormats[0].id);
  const format = mixtureFormats.find(({ id }) => id === picked) ?? mixtureFormats[0];
  const isAdvised = advice?.verb !== 'none';
  const note = advice && isAdvised ? noteOn(advice) : undefined;
  const details = { note, limits: settings.constraints };
  const { text, problem } = weights
    ? written(() => format.write(study.domains, weights, details))
    : { text: '', problem: '' };

  if (!isAdvised) return <p className="measure">There is no mixture to save: {advice.reason}.</p>;
  return (
    <>
      <div className="stage-controls">
        <Select
          label="Format"
          value={format.id}
          options={mixtureFormats.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setPicked}
        />
        {text !== '' && (
          <button
            type="button"
            className="button primary"
            onClick={() => download(format.file, format.mediaType, text)}
          >
            Save {format.file}
          </button>
        )}
        {problem !== '' && (
          <p role="alert" className="refused">
            {problem}
          </p>
        )}
        {weights && (advice?.verb === 'try' || solved?.seek === 'worst') && note && (
          <p className="small measure">{note}</p>
        )}
        {violated.length > 0 && (
          <p className="refused">
            The published procedure ignores limits: {plural(violated.length, 'domain')} lie outside
            of yours ({violated.map((domain) => study.domains[domain].name).join(', ')}
            ).
          </p>
        )}
      </div>
      <textarea
        className="code"
        aria-label={format.id === 'regmix' ? 'The mixture as YAML' : `The mixture: ${format.name}`}
        readOnly
        rows={Math.min(9, 2 * study.domains.length + 2)}
        spellCheck={false}
        value={text}
      />
    </>
  );
}

/** A text, or why it cannot be written. */
function written(write: () => string): { readonly text: string; readonly problem: string } {
  try {
    return { text: write(), problem: '' };
  } catch (error) {
    return { text: '', problem: errorMessage(error) };
  }
}

/** The fit that the optimum was found with, as JSON. */
function SaveModel() {
  const { study, settings } = useSession();
  const solved = useOptimum((state) => state.solved);
  const fits = useAnalysis((state) => state.fits);
  const isFormer = useFormer();
  if (!solved || isFormer) return null;
  const { target } = solved.terms[0];
  const fit = fits.get(fitKey(study, target, solved.regressor, settings));
  const model = fit?.status === 'done' ? fit.model : null;
  if (!model) return null;
  if (model.kind === 'onnx') {
    const imported = importedModel(study, target);
    const bytes = imported?.source?.bytes;
    if (!bytes || imported.id !== model.id) return null;
    return (
      <button
        type="button"
        className="button"
        onClick={() => download(imported.name, 'application/octet-stream', bytes)}
      >
        The imported model, as ONNX
      </button>
    );
  }
  const labels = { target, domains: datasetNames(study.domains) };
  return (
    <button
      type="button"
      className="button"
      onClick={() =>
        download(`regmix-model-${target}.json`, 'application/json', modelToJson(model, labels))
      }
    >
      The fit behind it, as JSON
    </button>
  );
}

/** Regressors whose models can be written with ONNX operators. */
const portable: readonly RegressorId[] = ['gbdt', 'gbdt-paper', 'ridge', 'ols'];

/** A fit as an ONNX file, compared with onnxruntime-web before it can be saved. */
function OnnxExport() {
  const { study, settings } = useSession();
  const { explore, onnx } = useStores();
  const imported = importedModel(study, settings.target);
  const ids = [
    ...catalogue
      .filter(({ id, stopsOnTestSet }) => {
        return portable.includes(id) && (!stopsOnTestSet || study.testSets.length > 0);
      })
      .map(({ id }) => id),
    // An imported ONNX model is saved unchanged.
    ...(imported && !imported.source ? (['imported'] as const) : []),
  ];
  const [picked, setPicked] = useState<RegressorId | null>(null);
  const chosen = picked && ids.includes(picked) ? picked : usual();
  const key = fitKey(study, settings.target, chosen, settings);
  const [made, setMade] = useState<{ readonly key: string; readonly file: OnnxFile } | null>(null);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState('');
  const file = made?.key === key ? made.file : null;

  return (
    <div className="row-controls">
      <Select
        label="Fit to export"
        value={chosen}
        options={ids.map((id) => ({ value: id, label: regressorInfo(id).name }))}
        onChange={(id) => {
          setPicked(ids.find((known) => known === id) ?? null);
          setProblem('');
        }}
      />
      <button type="button" className="button" disabled={running} onClick={() => void make()}>
        {running ? 'Fitting and comparing…' : 'Make the ONNX file'}
      </button>
      {file && (
        <>
          <p className="small measure" role="status">
            {describe(file)}
          </p>
          <button
            type="button"
            className="button primary"
            onClick={() =>
              download(
                `regmix-${chosen}-${settings.target}.onnx`,
                'application/octet-stream',
                file.bytes,
              )
            }
          >
            Save the ONNX file
          </button>
        </>
      )}
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
    </div>
  );

  function usual(): RegressorId {
    return ids.find((id) => id === settings.regressor) ?? ids[0];
  }

  async function make(): Promise<void> {
    setRunning(true);
    setProblem('');
    try {
      const model = await explore.call(study, 'model', {
        revision: revisionOf(study),
        target: settings.target,
        regressor: chosen,
        options: fitOptions(settings),
        imported: chosen === 'imported' ? imported?.model : undefined,
      });
      const result = await onnx.export({
        model,
        labels: { target: settings.target, domains: datasetNames(study.domains) },
        comparison: { prior: study.prior.weights, seed: settings.seed },
      });
      setMade({ key, file: result });
    } catch (error) {
      setProblem(errorMessage(error));
    } finally {
      setRunning(false);
    }
  }

  function describe({ agreement, bytes }: OnnxFile): string {
    const { mixtures, relative, largest, rounded } = agreement;
    const verdict =
      relative <= agreed
        ? `within ${agreed.toExponential(0)}`
        : `more than ${agreed.toExponential(0)}: do not rely on this file`;
    const crossed =
      rounded === 0
        ? 'Rounding weights to float32, as ONNX runtimes do, changes none of these predictions.'
        : `Rounding weights to float32, as ONNX runtimes do, moves ${plural(rounded, 'mixture')} over a split.`;
    return `${Math.ceil(bytes.length / 1000).toLocaleString('en')} kB. On ${mixtures.toLocaleString('en')} mixtures onnxruntime differs from this page by at most ${relative.toExponential(1)} of the prediction (${largest.toExponential(1)}), ${verdict}. ${crossed}`;
  }
}

const longestName = 60;
const savedText = 'It is kept with the study, here and in its file.';
const notSavedText = `It is too large to be kept with the study (up to ${(8 * maxImportedNumbers) / 1e6} MB are): it goes when this page is closed or reloaded, so keep its file.`;

/** Imports a model as the regressor of a target: every panel and the optimum then use it. */
function OnnxImport() {
  const { study, settings } = useSession();
  const { study: store, onnx } = useStores();
  const [target, setTarget] = useState<string | null>(null);
  const [order, setOrder] = useState('');
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState('');
  const [message, setMessage] = useState('');
  const orderId = useId();
  const chosen = study.targets.find(({ id }) => id === target)?.id ?? settings.target;

  return (
    <div className="row-controls">
      <Select
        label="Target it predicts"
        value={chosen}
        options={study.targets.map((each) => ({ value: each.id, label: targetLabel(each) }))}
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
      {message !== '' && (
        <p className="small measure" role="status">
          {message}
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
    setMessage('');
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
        // Another study has been opened meanwhile: its domains differ.
        if (session.study.id !== study.id) return session;
        const others = session.study.imported?.filter((each) => each.target !== chosen) ?? [];
        return {
          study: { ...session.study, imported: [...others, imported] },
          settings: { ...session.settings, target: chosen, regressor: 'imported' },
        };
      });
      const { left } = partImported(store.getState().session.study);
      setMessage(`${describe(result)} ${left.includes(imported) ? notSavedText : savedText}`);
    } catch (error) {
      setProblem(errorMessage(error));
    } finally {
      setRunning(false);
    }
  }

  function describe({ producer, isNamed, target: named, mixtures, range }: ReadModel): string {
    const by = producer === '' ? '' : ` by ${producer}`;
    const [least, largest] = range.map((value) => formatNumber(value, 3));
    const order = isNamed
      ? 'Its inputs are named in the file.'
      : 'The file does not name its inputs: they were taken in the order entered.';
    const other =
      named !== '' && named !== chosen
        ? ` The file says that it predicts “${named}”, not the target chosen here.`
        : '';
    return `A model${by}, run by onnxruntime, now in every panel. For ${mixtures.toLocaleString('en')} mixtures it predicts ${least} to ${largest}. ${order}${other}`;
  }
}
