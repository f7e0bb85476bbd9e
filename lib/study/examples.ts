import type { BuiltInStudy } from './built-in';
import type { OpenedStudy } from './from-runs';

/** A study to open with one click, and what to look for in it. */
interface Example {
  readonly id: string;
  readonly name: string;
  /** At most 60 words. */
  readonly look: string;
  readonly study: BuiltInStudy['id'];
  /** Changes to the built-in study. */
  readonly set: (opened: OpenedStudy) => OpenedStudy;
}

/** The language of the low-resource example, and the tokens assumed to be available. */
const scarce = { id: 'pt_br', tokens: 12_000 };

export const examples: readonly Example[] = [
  {
    id: 'languages',
    name: 'Languages',
    look: 'Eight languages, with Spanish as the target. See how well the proxies predict (Evidence), which relatives of Spanish the optimum uses, and what one more point of a cap is worth (Answer).',
    study: 'languages',
    set: (opened) => opened,
  },
  {
    id: 'low-resource',
    name: 'Languages, with little Portuguese',
    look: 'As in Sailor (arXiv 2404.03608), the target has little text: 12,000 tokens of Portuguese at up to four epochs, 3.2% of 1.5 million. See which relatives replace it, what more Portuguese would be worth (Answer), and whether the optimum holds for larger models (Lab).',
    study: 'languages',
    set: withLittle,
  },
  {
    id: 'software',
    name: 'Software',
    look: 'Five kinds of file from software packages, with documentation as the target. There is little licence text, so its cap is low. See which kinds help documentation (Explore), and how far proxies of 20,000 parameters can be trusted (Evidence).',
    study: 'software',
    set: (opened) => opened,
  },
  {
    id: 'simulated',
    name: 'Simulated, with the truth known',
    look: 'Runs drawn from a stated law with noise; no model was trained. The only study whose true optimum is known: Answer marks it beside the one found and says what the difference costs. Move a cap, compare regressors, and see how few runs suffice (Evidence).',
    study: 'simulated',
    set: (opened) => opened,
  },
];

function withLittle({ study, settings }: OpenedStudy): OpenedStudy {
  const place = study.domains.findIndex(({ id }) => id === scarce.id);
  const availableTokens = settings.constraints.availableTokens.map((tokens, domain) =>
    domain === place ? scarce.tokens : tokens,
  );
  return {
    study: { ...study, name: 'Languages, with little Portuguese' },
    settings: {
      ...settings,
      target: scarce.id,
      constraints: { ...settings.constraints, availableTokens },
    },
  };
}
