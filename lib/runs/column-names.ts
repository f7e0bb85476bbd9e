/** What the name of a column says of it, but for measures (`measures.ts`) and prefixes (`identify.ts`). */
import { idForm } from './read-table';

/**
 * Settings, counters and costs of a training, which are neither weights nor results: the end of a name after its
 * path, in the form of {@link idForm}.
 */
const setting = new RegExp(
  `^(?:${[
    // Counters and clocks.
    '_.*|.*_?step|.*_?steps|epochs?|.*_epochs?|iter|.*_?iterations?|rounds?|time|.*_time|date|.*_date|created.*|updated.*|.*runtime.*|.*timestamp|.*_at|.*_hours?|.*_seconds?|.*_secs?|.*_ms|eta',
    // Seeds and who ran it.
    '.*seed|.*_seed_.*|state|status|user|version|level_\\d+|column_\\d+|unnamed.*|rank|world_size|.*_id',
    // The optimiser.
    'lr|.*_lr|lr_.*|.*learning_?rate.*|.*beta_?\\d*|.*momentum|.*eps|.*epsilon|.*drop_?out.*|.*drop_?path.*|.*warm_?up.*|.*cool_?down.*|.*weight_decay.*|wd|.*decay|.*decay_.*|.*_wd|.*label_smoothing|.*grad.*norm.*|.*clip.*|.*update_norm|.*param_norm|.*loss_scale|.*_coef|.*_coeff|.*_coefficient|.*temperature|alpha|gamma|tau|.*concentration|.*init_std|.*initializer_range|.*noise_std|ema|ema_.*|.*_ema|.*_ema_.*',
    // Sizes and amounts.
    'n_.*|num_.*|.*_count|.*params|.*parameters|.*_?size|.*batch.*|width|depth|layers|.*_layers|heads|.*_heads|.*_dim|hidden|.*hidden_.*|.*_len|.*_length|context|seq_?len.*|.*tokens|tokens_.*|samples|.*_samples|.*_examples|flops|.*flops.*|.*model_scale',
    // Machines.
    '.*gpus?|.*gpu_.*|.*nodes?|.*devices?|.*mem|.*mem_.*|.*memory.*|.*_[gmk]i?b|.*_bytes|.*per_sec.*|.*_per_.*|.*throughput.*|mfu|.*_mfu|.*cost|.*price|.*utili[sz]ation|.*power|.*watts|.*temp_?c',
  ].join('|')})$`,
);

/** What trackers write of the machine: `system/cpu_utilization_percentage`. */
const machine = /(?:^|[/.])system[/.]/;

/** Whether a name is that of a setting, a counter or a cost: `config.dropout`, `train/grad_norm`, `_step`. */
export function namesSetting(header: string): boolean {
  const form = idForm(header);
  if (machine.test(form)) return true;
  const parts = form.split(/[/.:]/);
  // `unnamed: 0` is one name.
  return setting.test(form) || setting.test(parts[parts.length - 1]);
}

/** Whether text below a name is a time, a state or the like, which runs may share: `Created`, not `wandb_id`. */
export function namesNoRun(header: string): boolean {
  return namesSetting(header) && !/(?:id|key|name)$/i.test(header);
}

/** Whether a column says how sure another one is: lm-evaluation-harness's `acc_stderr,none`. */
export function namesUncertainty(header: string): boolean {
  return /(?:^|[^a-z])(?:std_?err|stderr|std_?dev|std|sem|ci_?(?:low|high|lower|upper)|variance)(?:[^a-z]|$)/i.test(
    header,
  );
}

/** Whether a column is a loss on the training text: `train/loss`, `training_loss`. */
export function namesTrainingLoss(header: string): boolean {
  return /(?:^|[/.:])train(?:ing)?[_/.: -](?:.*[_/.: -])?(?:loss|ppl|perplexity|bpb|nll)$/i.test(
    header,
  );
}

/** Kinds of training text, whose names are domains even where no run has any of it. */
const text =
  /(?:^|_)(?:web|cc|common_?crawl|c4|dclm|fineweb|dolma|code|github|stack.*|starcoder|wiki.*|books?|gutenberg.*|arxiv|papers?|pes2o|pubmed.*|philpapers|math.*|news|hackernews|reddit|forums?|law|freelaw|legal|patents?|uspto.*|medical|science|academic|dialog(?:ue)?s?|subtitles|opensubtitles|europarl|email.*|enron.*|youtube.*|instruct.*|flan|qa|encyclop.*|adult|social.*|blogs?|pile.*|synthetic.*|tables?|pdfs?|poetry|recipes)(?:_|$)/;

/** Whether a name is that of a kind of text that models are trained on: `books`, `pile_cc`. */
export function namesText(header: string): boolean {
  return text.test(idForm(header.split(/[/.:]/).pop() ?? header));
}

/** Words before the names of domains, whole between separators: `data.mix_web`, `phase_0_web`, `weights/web`. */
const weightWords =
  /(?:^|[_/.: -])(?:train|training|weights?|mixtures?|mix|mixing|ratios?|proportions?|shares?|pct|percent|fractions?|frac|sampling|domains?|w|p|phase|stage|pretrain|midtrain|anneal|portion|probs?|probability|probabilities)(?:[_/.: -]|\d|$)/i;

/** Whether what several names share says that they are weights: `config.mix_`, `_weight`. */
export function namesWeights(shared: string): boolean {
  return weightWords.test(shared);
}

const scale =
  /^(?:model_?(?:size|scale)|size|(?:n_|num_|total_|model_)?(?:params|parameters)|(?:n_|num_|total_|train_|training_)?tokens|(?:train_|total_)?flops)$/;

/** Whether a name is that of what runs of several scales differ in: `model_size`, `n_tokens`. */
export function namesScale(header: string): boolean {
  return scale.test(idForm(header.split(/[/.:]/).pop() ?? header));
}
