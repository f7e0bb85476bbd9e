/**
 * Which way imports may run: `app -> components -> lib`, `workers -> lib`, and within `lib/` a room imports only
 * rooms of an earlier line below. Types count like code; tests and fixtures do not.
 */
const rooms = [
  ['model'],
  ['rpc'],
  ['runs', 'mixture'],
  ['regression'],
  ['optimum', 'onnx'],
  ['export'],
  ['proposals'],
  ['corpora'],
  ['training'],
  ['schedule'],
  ['verify'],
  ['challenge'],
  ['study'],
  ['share'],
  ['session'],
  ['analysis'],
  ['library'],
  ['browser'],
];
const inRooms = (names) => `^lib/(${names.join('|')})/`;

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment:
        'Two files that import each other, by however many steps, cannot be read one after the other.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...rooms.flatMap((names, line) =>
      names.map((name) => ({
        name: `${name}-imports-earlier-rooms-only`,
        severity: 'error',
        from: { path: inRooms([name]) },
        to: {
          path: '^(lib|components|app|workers|scripts|bench|e2e)/',
          pathNot: inRooms([name, ...rooms.slice(0, line).flat()]),
        },
      })),
    ),
    {
      name: 'lib-has-only-rooms',
      comment: 'A file of lib/ stands in a room that is listed above.',
      severity: 'error',
      from: { path: '^lib/', pathNot: inRooms(rooms.flat()) },
      to: {},
    },
    {
      name: 'no-react-in-lib',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: 'node_modules/(react|react-dom|recharts|next)/' },
    },
    {
      name: 'storage-in-one-room',
      comment: 'IndexedDB is opened in lib/browser/ alone.',
      severity: 'error',
      from: { pathNot: '^lib/browser/' },
      to: { path: 'node_modules/idb/' },
    },
    {
      name: 'components-draw',
      severity: 'error',
      from: { path: '^components/' },
      to: { path: '^(app|scripts|bench|e2e)/' },
    },
    {
      name: 'workers-are-thin',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: '^(app|components|scripts|bench|e2e)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(test|fixture)\\.tsx?$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
